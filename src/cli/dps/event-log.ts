/** Events of a server as entries of its log: hash, chunk, index and operation as fields, never in the text. */
import type { Logger } from "pino";
import { isBytes, toHex } from "../../bytes/index.js";
import type { DpsChunkEvent, DpsEvent, DpsFileEvent } from "../../protocols/dps/node.js";

type Level = "debug" | "info" | "warn" | "error";

/** Events that come all day, and those that somebody should look at. All others are information. */
const LEVELS: Readonly<Record<string, Level>> = {
  "raft.commit": "debug",
  "raft.snapshotTaken": "debug",
  "raft.stalled": "warn",
  "raft.storageTrouble": "warn",
  "raft.memberLostData": "error",
  "raft.fault": "error",
  "raft.stateDiverged": "error",
  "dht.contactAdded": "debug",
  "dht.contactRemoved": "debug",
  "dht.lookup": "debug",
  "dht.expired": "debug",
  "dht.badValue": "warn",
  "chain.damaged": "error",
  "chain.forked": "error",
  chunk: "debug",
  chunkRepaired: "debug",
  chunkLost: "warn",
  repairEnded: "debug",
};

/** What a server tells. */
type LoggedEvent = DpsEvent | DpsFileEvent | DpsChunkEvent;

/** Writes the entry of an event. Those of a part of the server name it as `part`. */
export function logEvent(logger: Pick<Logger, Level | "isLevelEnabled">, event: LoggedEvent): void {
  const isOfPart = event.type === "dht" || event.type === "raft" || event.type === "chain";
  const { type, ...fields } = isOfPart ? event.event : event;
  const level = LEVELS[isOfPart ? `${event.type}.${type}` : type] ?? "info";
  // Every command makes some.
  if (!logger.isLevelEnabled(level)) return;
  logger[level]({ ...(isOfPart && { part: event.type }), ...plain(fields) }, type);
}

/** Plain data as JSON takes it: bytes as hex, wide integers as text. */
export function plain(fields: object): object {
  return JSON.parse(JSON.stringify(fields, replaced)) as object;
}

function replaced(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  return isBytes(value) ? toHex(value) : value;
}
