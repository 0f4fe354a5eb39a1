/** One iteration takes 500 records apart, one by one, as processors do that stand behind one which is not on columns. */
import type { LogRecord } from "../core/record.ts";
import { ProcessorTrial, recordOf } from "../../tests/support/processing.ts";
import { ProcessorJson, processorJsonOptions } from "./processor_json.ts";
import { ProcessorSplitChar, processorSplitCharOptions } from "./processor_split_char.ts";
import { ProcessorSplitKeyValue, processorSplitKeyValueOptions } from "./processor_split_key_value.ts";

const RECORDS = 500;
const OBJECT =
  '{"ts":"2026-07-13T15:45:54.001Z","level":"info","message":"stock client answered \\"yes\\"","status":200,' +
  '"duration_ms":12.5,"user":{"id":4711,"name":"王小明"}}';
const given = { SourceKey: "content" };

const RUNS: Record<string, readonly [text: string, run: (...records: LogRecord[]) => LogRecord[]]> = {
  json: [OBJECT, runOf(new ProcessorTrial(ProcessorJson, processorJsonOptions(), { ...given, ExpandDepth: "1" }))],
  delimiter: [
    "2026-07-13,info,orders,4711,accepted,12.5",
    runOf(
      new ProcessorTrial(ProcessorSplitChar, processorSplitCharOptions(), {
        ...given,
        SplitSep: ",",
        SplitKeys: ["date", "level", "logger", "order", "message", "duration"],
      }),
    ),
  ],
  "key and value": [
    "level=info logger=orders order=4711 message=accepted duration=12.5",
    runOf(
      new ProcessorTrial(ProcessorSplitKeyValue, processorSplitKeyValueOptions(), {
        ...given,
        Delimiter: " ",
        Separator: "=",
      }),
    ),
  ],
};

for (const [name, [text, run]] of Object.entries(RUNS)) {
  Deno.bench({ name: `${name}, record by record`, group: "processors", n: 200, warmup: 50 }, () => {
    run(...Array.from({ length: RECORDS }, () => recordOf([["content", text]])));
  });
}

function runOf<Options>(trial: ProcessorTrial<Options>): (...records: LogRecord[]) => LogRecord[] {
  return (...records) => trial.runRecords(...records);
}
