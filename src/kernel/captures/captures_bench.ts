/** One iteration looks at 1 MB of lines, with a call from here for each: 1 ms is 1 GB/s. V8 needs the bytes as text first. */
import { CaptureMemory } from "../../../tests/support/capture_memory.ts";
import { parseRegex } from "../../core/regex.ts";
import { tryCompileCaptures } from "./compile_captures.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const TEXT_BYTES = 1_000_000;
const NGINX =
  '([\\d\\.:]+) - (\\S+) \\[(\\S+) \\S+\\] \\"(\\S+) (\\S+) ([^\\\\"]+)\\" (\\d+) (\\d+) \\"([^\\\\"]*)\\" ' +
  '\\"([^\\\\"]*)\\" \\"([^\\\\"]*)\\"';
const JAVA = "(\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2},\\d{3})\\s+\\[(.*?)\\]\\s+(\\w+)\\s+(.*)";
const nginx = (path: string, agent: string) =>
  `10.0.1.7 - - [13/Jul/2022:15:45:03 +0000] "GET ${path} HTTP/1.1" 404 153 "-" "${agent}" "-"`;
const AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/103.0 Safari/537.36";
const java = (text: string) => `2026-11-23 10:00:00,123 [http-nio-8080-exec-7] INFO  ${text}`;

/** What to look for, how many groups there are, and a line. */
const CASES: Record<string, readonly [source: string, groups: number, line: string]> = {
  "nginx, short": [NGINX, 11, nginx("/", "curl/8")],
  "nginx, usual": [NGINX, 11, nginx("/hello/ilogtail/1234", AGENT)],
  "nginx, long": [NGINX, 11, nginx(`/${"hello/".repeat(600)}`, AGENT)],
  "nginx, Chinese agent": [NGINX, 11, nginx("/hello", "日志采集组件运行正常，".repeat(4))],
  "nginx, no match": [NGINX, 11, nginx("/hello/ilogtail/1234", AGENT).slice(0, -1)],
  "java, short": [JAVA, 4, java("ok")],
  "java, usual": [
    JAVA,
    4,
    java("com.example.service.OrderService placed an order of 3 parts for customer 4711 in 12 ms"),
  ],
  "java, no match": [JAVA, 4, "\tat com.example.service.OrderService.placeOrder(OrderService.java:123)"],
  "lazy fields": ["^(.*?) (.*?) (.*?) \\[(.*?)\\] (.*)$", 5, nginx("/hello/ilogtail/1234", AGENT)],
  "commas": ["^([^,]*),([^,]*),([^,]*),([^,]*)$", 4, "2026-11-23,order placed,12.5,customer 4711 of Berlin"],
  "words, Chinese": ["(\\S+) (\\S+) (.*)", 3, "日志采集组件 运行正常正常 采集组件运行正常，采集组件运行正常"],
};

for (const [name, [source, groups, line]] of Object.entries(CASES)) {
  const regex = parseRegex(source, "s");
  const captures = tryCompileCaptures(regex, { groups });
  if (typeof captures === "string") throw new Error(`${source}: ${captures}`);
  const memory = new CaptureMemory();
  memory.place(captures);
  const bytes = new TextEncoder().encode(line);
  const lines = Math.ceil(TEXT_BYTES / bytes.length);
  memory.setText(Uint8Array.from({ length: lines * bytes.length }, (_, index) => bytes[index % bytes.length]));
  Deno.bench({ name: `${name}, kernel`, group: name, n: 60, warmup: 10 }, () => {
    for (let number = 0; number < lines; number++) memory.match(number * bytes.length, (number + 1) * bytes.length);
  });
  Deno.bench({ name: `${name}, V8 from text`, group: name, n: 60, warmup: 10 }, () => {
    for (let number = 0; number < lines; number++) regex.exec(line);
  });
  Deno.bench({ name: `${name}, V8 from bytes`, group: name, n: 60, warmup: 10 }, () => {
    for (let number = 0; number < lines; number++) regex.exec(decoder.decode(bytes));
  });
}
