/**
 * The records of a batch by where they go, for flushers whose topic or key depends on the record.
 *
 * @module
 */
import type { LogRecord } from "../../core/record.ts";
import type { Destination } from "./open_batches.ts";
import type { Placement } from "./partitioner.ts";
import type { RecordRouter } from "./record_router.ts";

/** Records of one destination in order, and their keys. */
export interface RecordGroup {
  readonly destination: Destination;
  readonly records: LogRecord[];
  /** One for each record; empty where there are none. */
  readonly keys: string[];
}

/** A record that goes nowhere. */
export interface RefusedRecord {
  readonly record: LogRecord;
  readonly reason: string;
}

/** All records of a batch. */
export interface GroupedRecords {
  readonly groups: readonly RecordGroup[];
  readonly refused: readonly RefusedRecord[];
}

/** Chooses where a key goes among the partitions of its topic, once these are known. */
export type PlaceKey = (topic: string, key: string | undefined) => Placement | Promise<Placement>;

/** Groups records; waits where the partitions of a topic are not known yet. */
export async function groupRecords(
  records: readonly LogRecord[],
  router: RecordRouter,
  place: PlaceKey,
): Promise<GroupedRecords> {
  const groups = new Map<string, RecordGroup>();
  const refused: RefusedRecord[] = [];
  for (const record of records) {
    const route = router.route(record);
    if ("refusal" in route) {
      refused.push({ record, reason: route.refusal });
      continue;
    }
    const { topic, key } = route;
    const placed = place(topic, key);
    const placement = typeof placed === "object" ? await placed : placed;
    const name = `${topic} ${placement}`;
    const group = groups.get(name) ?? { destination: { topic, placement }, records: [], keys: [] };
    groups.set(name, group);
    group.records.push(record);
    if (key !== undefined) group.keys.push(key);
  }
  return { groups: [...groups.values()], refused };
}
