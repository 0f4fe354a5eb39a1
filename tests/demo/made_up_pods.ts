/**
 * Two pods that do not exist, on a node that is a temporary directory: what their containers would write, and the file that tells
 * the agent of them. An nginx-style pod writes access lines to stdout and errors to stderr; a json-log-style pod writes JSON.
 * Files look as containerd writes them and the kubelet names and rotates them; the tally knows each line that was written.
 *
 * @module
 */
import { join } from "@std/path";
import { CriFile } from "./cri_file.ts";
import type { Tally } from "./tally.ts";

/** The identity of a made-up pod with one container. */
interface MadeUpPod {
  readonly container: string;
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly app: string;
  readonly image: string;
  readonly ip: string;
}

const NGINX: MadeUpPod = {
  container: "nginx",
  name: "nginx-76d49876c7-r892w",
  namespace: "default",
  uid: "07f75a79-da69-40ac-ae2b-77a632929cc6",
  app: "nginx",
  image: "docker.io/library/nginx:latest",
  ip: "10.223.0.154",
};

const JSON_LOG: MadeUpPod = {
  container: "json-log",
  name: "json-log-5df95f9f84-dhj2l",
  namespace: "default",
  uid: "e42818ef-75c4-4854-9fe0-4dd7c7f7ccd1",
  app: "json-log",
  image: "docker.io/library/alpine:3.9.6",
  ip: "10.223.0.189",
};

const ACCESS_LINES_PER_BURST = 20;
const ERROR_LINES_PER_BURST = 2;
const JSON_LINES_PER_BURST = 5;
const PARTIAL_EVERY = 40;

/** The pods at work: `burst` writes some lines of each, `rotate` does what the kubelet does to a full log. */
export class MadeUpPods {
  readonly #nginx: CriFile;
  readonly #jsonLog: CriFile;
  readonly #tally: Tally;
  #sequence = 0;

  /** Makes the pods' directories and empty logs below `hostRoot`. */
  constructor(hostRoot: string, tally: Tally) {
    this.#tally = tally;
    this.#nginx = new CriFile(join(hostRoot, logPathOf(NGINX)));
    this.#jsonLog = new CriFile(join(hostRoot, logPathOf(JSON_LOG)));
  }

  /** Writes one burst: the same number of lines each time, one access line in forty of them in two pieces. */
  burst(): void {
    for (let line = 0; line < ACCESS_LINES_PER_BURST; line++) this.#writeAccess();
    for (let line = 0; line < ERROR_LINES_PER_BURST; line++) this.#write(this.#nginx, "stderr", this.#errorText());
    for (let line = 0; line < JSON_LINES_PER_BURST; line++) this.#write(this.#jsonLog, "stdout", this.#jsonText());
  }

  /** Renames nginx's log and begins a new one, in the middle of a record: its second piece is in the new file. */
  rotate(): void {
    const text = this.#accessText();
    this.#tally.wrote("stdout", text);
    const rest = this.#nginx.writeFirstPiece("stdout", text);
    this.#nginx.rotate();
    this.#nginx.writeLine("stdout", rest);
  }

  #writeAccess(): void {
    const text = this.#accessText();
    if (this.#sequence % PARTIAL_EVERY !== 0) return this.#write(this.#nginx, "stdout", text);
    this.#tally.wrote("stdout", text);
    const rest = this.#nginx.writeFirstPiece("stdout", text);
    this.#write(this.#nginx, "stderr", this.#errorText());
    this.#nginx.writeLine("stdout", rest);
  }

  #write(file: CriFile, stream: "stdout" | "stderr", text: string): void {
    this.#tally.wrote(stream, text);
    file.writeLine(stream, text);
  }

  #accessText(): string {
    const request = `GET /hello/ilogtail?line=${this.#sequence++} HTTP/1.1`;
    return `::1 - - [13/Jul/2026:15:45:54 +0000] "${request}" 404 153 "-" "curl/7.74.0" "-"`;
  }

  #errorText(): string {
    const path = `/hello/ilogtail?line=${this.#sequence++}`;
    return `2026/07/13 15:46:29 [error] 32#32: *6 open() "/usr/share/nginx/html${path}" failed (2: No such file or directory)` +
      `, client: ::1, server: localhost, request: "GET ${path} HTTP/1.1", host: "localhost"`;
  }

  #jsonText(): string {
    return JSON.stringify({
      time: new Date().toISOString(),
      message: "Hello, Sluice! Grüße, 你好",
      line: this.#sequence++,
    });
  }
}

/** The text of the static container file that tells the agent of both pods. Its labels are the container's and the pod's. */
export function describePods(): string {
  return JSON.stringify([NGINX, JSON_LOG].map(describeContainer), undefined, 2);
}

function describeContainer(pod: MadeUpPod) {
  return {
    ID: pod.uid.replaceAll("-", "").padEnd(64, "0"),
    Name: `k8s_${pod.container}_${pod.name}_${pod.namespace}_${pod.uid}_0`,
    Created: "2026-07-13T15:40:00Z",
    HostName: pod.name,
    IP: pod.ip,
    Image: pod.image,
    LogPath: logPathOf(pod),
    Labels: {
      "app": pod.app,
      "io.kubernetes.container.name": pod.container,
      "io.kubernetes.pod.name": pod.name,
      "io.kubernetes.pod.namespace": pod.namespace,
      "io.kubernetes.pod.uid": pod.uid,
    },
    State: { Status: "running" },
  };
}

function logPathOf({ namespace, name, uid, container }: MadeUpPod): string {
  return `/var/log/pods/${namespace}_${name}_${uid}/${container}/0.log`;
}
