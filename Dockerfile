# The image holds one binary. It is built in the first stage from this directory alone: docker build -t sluice:latest .
FROM node:22-bookworm AS build
# pip is one of the ways in which `task compile` obtains the run time that it puts the program into.
RUN apt-get update && apt-get install -y --no-install-recommends python3-pip && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
RUN npx -y deno@2.7.14 task compile

# Debian, because the binary needs its C library; with a shell, because `kubectl exec … -- /bin/sh -c "kill 1"` is how the
# walk-through restarts the agent.
FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /build/dist/sluice /usr/local/bin/sluice
# One start without work: Deno keeps the program's compiled code in /tmp, with which the agent starts sooner and takes 13 MB less.
RUN mkdir /tmp/start && cd /tmp/start && echo '[]' >containers.json \
  && printf 'inputs: [{Type: service_docker_stdout}]\nflushers: [{Type: flusher_stdout}]\n' >none.yaml \
  && timeout 3 sluice --config none.yaml --static-containers containers.json --checkpoint . || test -s /tmp/deno-compile-sluice.cache \
  && rm -r /tmp/start
ENTRYPOINT ["/usr/local/bin/sluice"]
