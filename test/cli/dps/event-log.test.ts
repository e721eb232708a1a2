/** Events of a server as entries of its log. */
import { expect, it } from "vitest";
import { logEvent } from "../../../src/cli/dps/event-log.js";
import type { DpsEvent } from "../../../src/protocols/dps/node.js";

/** The entries that events make, each with its level. */
function entriesOf(...events: readonly DpsEvent[]): unknown[] {
  const entries: unknown[] = [];
  const at = (level: string) => (fields: object, message: string) => void entries.push({ level, ...fields, message });
  const logger = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  const all = { ...logger, isLevelEnabled: (level: string) => level !== "debug" };
  for (const event of events) logEvent(all as unknown as Parameters<typeof logEvent>[0], event);
  return entries;
}

it("have fields that a program can search, with bytes as hex and wide integers as text", () => {
  const error = { code: "missing", format: "dps", path: "chunk" } as const;
  expect(
    entriesOf(
      { type: "chunkLost", hash: "00ff", chunk: "ab", index: 3, error },
      { type: "chunkRepaired", hash: "00ff", chunk: "ab", index: 3, copies: 2 },
      { type: "raft", event: { type: "role", role: "Leader", term: 7 } },
      { type: "chain", event: { type: "appended", index: 4n, hash: Uint8Array.of(1, 255) } },
    ),
  ).toEqual([
    { level: "warn", hash: "00ff", chunk: "ab", index: 3, error, message: "chunkLost" },
    { level: "info", part: "raft", role: "Leader", term: 7, message: "role" },
    { level: "info", part: "chain", index: "4", hash: "01ff", message: "appended" },
  ]);
});
