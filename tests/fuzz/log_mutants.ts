/**
 * Mutants of what container runtimes and programs write into log files.
 *
 * @module
 */
import { Mutator } from "./mutate.ts";

const TIME = "2022-07-13T23:45:54.976593653+08:00";

const CRI = [
  `${TIME} stdout F GET / 200\n`,
  `${TIME} stderr F at com.example.Main(Main.java:7)\n`,
  `${TIME} stdout P a piece, \n${TIME} stderr F in between\n${TIME} stdout F and its end\n`,
  `2022-07-13T15:45:54Z stdout F:x:y tagged\n2022-07-13T15:45:54.5Z stdout P \n`,
  `${TIME} stdout F 日志 é 😀 "quoted" \\ \t\u0001\n`,
  `${TIME} stdout P ${"p".repeat(300)}\n`.repeat(4),
  `${TIME} stderr F ${'\u0001"é'.repeat(200)}\n`,
  `${TIME} stdout F BEGIN one\n${TIME} stdout F middle\n${TIME} stdout F END\n`.repeat(3),
  "no form at all\n\n\r\n",
];
const DOCKER = [
  '{"log":"GET / 200\\n","stream":"stdout","time":"2022-07-13T15:45:54.976593653Z"}\n',
  '{"log":"a \\"piece\\" \\u00e9\\ud83d\\ude00\\t","stream":"stderr","time":"2022-07-13T15:45:54Z"}\n',
  '{"time":"2022-07-13T15:45:54.1Z","attrs":{"a":[1,"x",{"b":null}]},"stream":"stdout","log":"BEGIN\\n"}\n',
  `{"log":"${"q".repeat(400)}","stream":"stdout","time":"2022-07-13T15:45:54.1Z"}\n`.repeat(3),
  `{"log":"${"\\u0001\\\\".repeat(100)}END\\n","stream":"stdout","time":"2022-07-13T15:45:54.1Z"}\n`,
];
const TOKENS = [
  ...[
    "\n",
    "\n\n",
    "\0",
    "\r\n",
    " ",
    "stdout ",
    "stderr ",
    " P ",
    " F ",
    "P:",
    "F ",
    `${TIME} `,
    `${TIME} stdout P x\n`,
  ],
  ...[
    "BEGIN",
    "END\n",
    '"',
    "\\",
    "\\u",
    "\\ud83d",
    "\\udc00",
    "\\n",
    "\\u0000",
    "\\x",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '{"log":"',
  ],
  ...[
    '"stream":"stdout"',
    '"log":"x\\n"',
    '"time":"2022-07-13T15:45:54.1Z"',
    '","',
    "9".repeat(20),
    "a".repeat(100),
    "é",
    "😀",
  ],
  ...[Uint8Array.of(0xff), Uint8Array.of(0xf0, 0x9f), Uint8Array.of(0xed, 0xa0, 0x80), Uint8Array.of(0xe2, 0x82)],
];

/** Files of a container's log; up to 12 KiB. */
export const logMutator = new Mutator([...CRI, ...DOCKER, CRI.join("") + DOCKER.join("")], TOKENS, 12 * 1024);
