/**
 * Processors by their names and options, and what arrives of a batch that went through them.
 *
 * @module
 */
import type { Batch } from "../../src/core/batch.ts";
import type { Processor } from "../../src/core/processor.ts";
import type { MessageForm } from "../../src/deliver/message_form.ts";
import { MessageRowsMaker } from "../../src/deliver/message_rows.ts";
import { tutorialForm } from "../../src/encode/tutorial_form.ts";
import type { Kernel } from "../../src/kernel/kernel.ts";
import type { ProcessorContext } from "../../src/process/processor_context.ts";
import { processors } from "../../src/processor_plugins.ts";
import { RecordingLog } from "./recording_log.ts";

/** The options of one processor, and its name. */
export type Given = readonly [name: string, options: Record<string, unknown>];

/** @param columns those of a kernel; undefined: the processors have only texts. */
export function makeProcessors(chain: readonly Given[], columns: Kernel["columns"] | undefined): Processor[] {
  const env: ProcessorContext["env"] = { now: () => 0, hostName: "h", hostIp: "1.2.3.4", tryVariable: () => undefined };
  return chain.map(([name, options]) => {
    const plugin = processors.find((one) => one.name === name)!;
    return plugin.create(plugin.options().parse(options), { log: new RecordingLog(), env, columns });
  });
}

/** @returns undefined where an option cannot be read: some generated patterns are refused. */
export function tryMakeProcessors(
  chain: readonly Given[],
  columns: Kernel["columns"] | undefined,
): Processor[] | undefined {
  try {
    return makeProcessors(chain, columns);
  } catch {
    return undefined;
  }
}

/** What arrives of a batch, message by message. */
export async function messagesOf(kernel: Kernel, batch: Batch, form: MessageForm = tutorialForm()): Promise<string[]> {
  if (batch.rows === 0 && (batch.records?.length ?? 0) === 0) return [];
  let text = "";
  for (const { template, rowFrom, rowTo } of new MessageRowsMaker(kernel, form).rowsOf(batch, () => {})) {
    for (let row = rowFrom; row < rowTo;) {
      const slot = await kernel.takeSlot(() => 0);
      row = kernel.renderLines(template, row, rowTo, slot);
      text += new TextDecoder("utf-8", { ignoreBOM: true }).decode(slot.records);
      slot.release();
    }
  }
  return text.split("\n").slice(0, -1);
}
