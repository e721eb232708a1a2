/** QKD key management by ETSI GS QKD 014: keys, replies and the client as a machine; without sockets and clocks. */
export type { DeliveredKeys, KeyOrigin, QkdCall, QkdValue } from "./client/calls.js";
export { QkdClientMachine } from "./client/client-machine.js";
export { QKD_METRICS, type QkdMetric } from "./client/metrics.js";
export type {
  BreakerOptions,
  DialectRule,
  KmeTraits,
  PrefetchOptions,
  QkdClientOptions,
  QkdEndpoint,
  QkdOperation,
} from "./client/options.js";
export { QKD_REASONS, QkdError, qkdIssue, type QkdFailure, type QkdIssue, type QkdReason } from "./errors.js";
export { KEY_AGE_MS, QkdKey, type QkdKeyParts, type QkdKeyState } from "./key.js";
export { QKD_MACHINES } from "./machines.js";
export * from "./reply/index.js";
export { TOMBSTONE_AGE_MS, tombstoneOf, Tombstones, TOMBSTONES_MAX, type TombstonesOptions } from "./tombstones.js";
