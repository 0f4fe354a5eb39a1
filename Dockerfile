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
ENTRYPOINT ["/usr/local/bin/sluice"]
