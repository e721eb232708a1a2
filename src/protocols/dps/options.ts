/** Options of a DPS server as a machine, their defaults and their checks. */
import { argumentError } from "../../errors.js";
import type { Millis } from "../../machine/index.js";
import type { ChainMachineOptions } from "../chain/index.js";
import type { DhtServerOptions } from "../dht/index.js";
import type { RaftMemberOptions } from "../raft/index.js";
import type { RpcFraming } from "../rpc/index.js";
import { requireKey, requireOptions, requireWhole } from "./checks.js";
import type { FileStateLimits } from "./files/file-state.js";

/** Options of the machine: those of its parts, and of what joins them. */
export interface DpsMachineOptions {
  /** The member of Raft. */
  readonly raft: RaftMemberOptions;
  /** The server of the DHT. */
  readonly dht: DhtServerOptions;
  /** The chain of backups. */
  readonly chain: ChainMachineOptions;
  /** Limits of the records, the same at all members. */
  readonly files?: FileStateLimits;
  /** How all messages are framed. Default `uint32be`. */
  readonly framing?: RpcFraming;
  /** Servers that have to have a chunk. Default 3. */
  readonly copiesMin?: number;
  /** Seconds that a chunk is kept without being stored again, which the leader does for records. Default 86,400. */
  readonly chunkTtlSeconds?: number;
  /** Time between looks at all chunks while this server leads. Default 600,000. */
  readonly repairEveryMs?: Millis;
  /** Chunks whose holders are counted in a second. Default 50. */
  readonly repairsPerSecond?: number;
  /** Time between backups of the cluster in its chain; a leader makes them. Default 600,000. */
  readonly backupEveryMs?: Millis;
  /** Records that must have changed since the last. Default 1. */
  readonly backupMinEntries?: number;
  /** Encrypts backups: 16, 24 or 32 bytes, the same at all members. */
  readonly key?: Uint8Array;
  /** Time within which a link has to say its protocol. Default 5,000. */
  readonly firstMessageMs?: Millis;
}

/** Options with their defaults. */
export type DpsRules = Required<Omit<DpsMachineOptions, "raft" | "dht" | "chain" | "files" | "key">>;

/** Fills in the defaults and checks them; the parts check their own. @throws WireError `argument` */
export function rulesOf(options: DpsMachineOptions): DpsRules {
  requireOptions("options", options);
  for (const name of ["raft", "dht", "chain"] as const) requireOptions(name, options[name]);
  if (options.files !== undefined) requireOptions("files", options.files);
  requireKey("key", options.key);
  requireWhole("raft.member", options.raft.member);
  const rules: DpsRules = {
    framing: options.framing ?? "uint32be",
    copiesMin: options.copiesMin ?? 3,
    chunkTtlSeconds: options.chunkTtlSeconds ?? 86_400,
    repairEveryMs: options.repairEveryMs ?? 600_000,
    repairsPerSecond: options.repairsPerSecond ?? 50,
    backupEveryMs: options.backupEveryMs ?? 600_000,
    backupMinEntries: options.backupMinEntries ?? 1,
    firstMessageMs: options.firstMessageMs ?? 5_000,
  };
  for (const name of ["copiesMin", "chunkTtlSeconds"] as const) {
    requireWhole(name, rules[name]);
  }
  for (const name of ["repairEveryMs", "repairsPerSecond", "firstMessageMs"] as const) {
    if (!(rules[name] >= 1)) throw argumentError("dps", name, "1 or more", String(rules[name]));
  }
  return rules;
}
