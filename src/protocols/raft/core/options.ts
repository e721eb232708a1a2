/** Options of the core, and their defaults. */
import type { ClusterConfig } from "../../../codec/gen/raft/index.js";
import { argumentError } from "../../../errors.js";
import type { Millis } from "../../../machine/index.js";

/** Options of a member. Those that are parameters of the cluster must agree with its configuration. */
export interface RaftCoreOptions {
  /** Least and greatest election timeout, a parameter of the cluster. Default 150 to 300. */
  readonly electionMs?: readonly [loMs: Millis, hiMs: Millis];
  /** Time between heartbeats, at most a third of the least election timeout. Default 50. */
  readonly heartbeatMs?: Millis;
  /** How much the rate of a clock may differ from true, a parameter of the cluster. Default 0.1. */
  readonly clockDriftMax?: number;
  /** Asks whether votes would be given before it raises its term. Default true. */
  readonly preVote?: boolean;
  /** A leader without a majority steps down, and votes are held while a leader is heard. Default true. */
  readonly checkQuorum?: boolean;
  /** Whether reads may use the lease of the leader. Default "readIndex". */
  readonly reads?: "readIndex" | "lease";
  /** Sends a risen commit at once, and not with the next heartbeat. Default true. */
  readonly eagerCommit?: boolean;
  /**
   * Time that a risen commit waits for entries to go with, at most, before it is sent without. Default 0; of a member
   * with links a tenth of `heartbeatMs`.
   */
  readonly commitDelayMs?: Millis;
  /** Proposals wait while an append is under way and little is queued; else each is sent at once. Default true. */
  readonly batching?: boolean;
  /** Queued bytes with which an append leaves although another is under way. Default 64 KiB. */
  readonly batchBytes?: number;
  /** Appends with entries under way to one member. Default 256. */
  readonly inflightMessages?: number;
  /** Bytes of entries under way to one member. Default 8 MiB. */
  readonly inflightBytes?: number;
  /** Bytes of the entries of one append, which has at least one. Default 1 MiB. */
  readonly messageBytes?: number;
  /** Bytes of the data of one entry. Default 1 MiB. */
  readonly entryBytesMax?: number;
  /** Entries that a leader holds uncommitted. Default 8,192. */
  readonly uncommittedMax?: number;
  /** Bytes of these. Default 16 MiB. */
  readonly uncommittedBytesMax?: number;
  /** Reads that wait. Default 8,192. */
  readonly readsMax?: number;
  /** Entries that are applied in one turn. Default 256. */
  readonly applyBatch?: number;
  /** Bytes of these, or of a snapshot that is taken or loaded in one turn. Default 1 MiB. */
  readonly applyBytes?: number;
  /** Bytes of a state that are taken into a snapshot, or loaded from one, in one turn. Default 256 KiB. */
  readonly snapshotStepBytes?: number;
  /** Bytes of the log after which a snapshot is taken. Default 8 MiB. */
  readonly snapshotLogBytes?: number;
  /** Entries of the log after which a snapshot is taken. Default 8,192. */
  readonly snapshotEntries?: number;
  /**
   * Bytes of the log for each byte of the last snapshot, before which none is taken, up to a quarter of `logBytesMax`: a
   * large state is not written again for every few entries. Default 4; 0 where one of the two above is given.
   */
  readonly snapshotGrowth?: number;
  /** Entries that stay in the log behind a snapshot. Default 1,024. */
  readonly keepEntries?: number;
  /** Bytes of these, at most a quarter of `logBytesMax`. Default 4 MiB. */
  readonly keepBytes?: number;
  /**
   * Bytes of the entries in memory that are applied here, while another member lacks them; older ones are read from the
   * disk. Default 16 MiB.
   */
  readonly cacheBytesMax?: number;
  /**
   * Bytes of the log: at half of them a snapshot is due whatever the other bounds, at 80 % proposals are refused.
   * Default 256 MiB.
   */
  readonly logBytesMax?: number;
  /** Bytes of a snapshot. Default 4 GiB. */
  readonly snapshotBytesMax?: number;
  /** Bytes of a state that is frozen for a backup, all at once. Default 64 MiB. */
  readonly backupBytesMax?: number;
  /** Bytes of a snapshot in one message. Default 64 KiB. */
  readonly chunkBytes?: number;
  /** Parts of a snapshot under way to one member. Default 4. */
  readonly chunksInflight?: number;
  /** Snapshots that are sent at a time. Default 2. */
  readonly snapshotsSentMax?: number;
  /** Time without an answer after which the sender of a snapshot probes. Default 5,000. */
  readonly snapshotIdleMs?: Millis;
  /** Time after which a store counts as failed for leadership. Default 5,000. */
  readonly storeStallMs?: Millis;
  /** Entries that a learner may lack to be promoted. Default 1,024. */
  readonly promoteLagMax?: number;
  /** Time of the cluster after which an idle session ends. Default one hour. */
  readonly sessionIdleMs?: Millis;
  /** Sessions. Default 10,000. */
  readonly sessionsMax?: number;
  /** Results that a session holds. Default 64. */
  readonly sessionResultsMax?: number;
  /** Bytes of a result that a session holds: a command with a longer one answers a repeat with none. Default 64 KiB. */
  readonly sessionResultBytesMax?: number;
}

const MAY_BE_ZERO: readonly string[] = ["keepEntries", "keepBytes", "clockDriftMax", "commitDelayMs", "snapshotGrowth"];

/** Options with their defaults. */
export type RaftRules = Required<RaftCoreOptions>;

const FLAGS: ReadonlySet<string> = new Set(["preVote", "checkQuorum", "eagerCommit", "batching"]);

function hasSnapshotBounds({ snapshotLogBytes, snapshotEntries }: RaftCoreOptions): boolean {
  return snapshotLogBytes !== undefined || snapshotEntries !== undefined;
}

/** @throws WireError `argument` for an option that is out of range or does not fit the others */
export function rulesOf(options: RaftCoreOptions): RaftRules {
  const rules: RaftRules = {
    electionMs: options.electionMs ?? [150, 300],
    heartbeatMs: options.heartbeatMs ?? 50,
    clockDriftMax: options.clockDriftMax ?? 0.1,
    preVote: options.preVote ?? true,
    checkQuorum: options.checkQuorum ?? true,
    reads: options.reads ?? "readIndex",
    eagerCommit: options.eagerCommit ?? true,
    commitDelayMs: options.commitDelayMs ?? 0,
    batching: options.batching ?? true,
    batchBytes: options.batchBytes ?? 65_536,
    inflightMessages: options.inflightMessages ?? 256,
    inflightBytes: options.inflightBytes ?? 8 << 20,
    messageBytes: options.messageBytes ?? 1 << 20,
    entryBytesMax: options.entryBytesMax ?? 1 << 20,
    uncommittedMax: options.uncommittedMax ?? 8_192,
    uncommittedBytesMax: options.uncommittedBytesMax ?? 16 << 20,
    readsMax: options.readsMax ?? 8_192,
    applyBatch: options.applyBatch ?? 256,
    applyBytes: options.applyBytes ?? 1 << 20,
    snapshotStepBytes: options.snapshotStepBytes ?? 262_144,
    snapshotLogBytes: options.snapshotLogBytes ?? 8 << 20,
    snapshotEntries: options.snapshotEntries ?? 8_192,
    snapshotGrowth: options.snapshotGrowth ?? (hasSnapshotBounds(options) ? 0 : 4),
    keepEntries: options.keepEntries ?? 1_024,
    keepBytes: options.keepBytes ?? 4 << 20,
    cacheBytesMax: options.cacheBytesMax ?? 16 << 20,
    logBytesMax: options.logBytesMax ?? 256 << 20,
    snapshotBytesMax: options.snapshotBytesMax ?? 4 * 2 ** 30,
    backupBytesMax: options.backupBytesMax ?? 64 << 20,
    chunkBytes: options.chunkBytes ?? 65_536,
    chunksInflight: options.chunksInflight ?? 4,
    snapshotsSentMax: options.snapshotsSentMax ?? 2,
    snapshotIdleMs: options.snapshotIdleMs ?? 5_000,
    storeStallMs: options.storeStallMs ?? 5_000,
    promoteLagMax: options.promoteLagMax ?? 1_024,
    sessionIdleMs: options.sessionIdleMs ?? 3_600_000,
    sessionsMax: options.sessionsMax ?? 10_000,
    sessionResultsMax: options.sessionResultsMax ?? 64,
    sessionResultBytesMax: options.sessionResultBytesMax ?? 65_536,
  };
  for (const [name, value] of Object.entries(rules)) {
    const least = MAY_BE_ZERO.includes(name) ? 0 : 1;
    if (FLAGS.has(name)) {
      if (typeof value !== "boolean") throw argumentError("raft", name, "true or false", typeof value);
    } else if (name !== "electionMs" && name !== "reads" && !(typeof value === "number" && value >= least)) {
      throw argumentError("raft", name, `${least} or more`, String(value));
    }
  }
  if (!Array.isArray(rules.electionMs)) {
    throw argumentError("raft", "electionMs", "two times, ascending", typeof rules.electionMs);
  }
  if (rules.reads !== "readIndex" && rules.reads !== "lease") {
    throw argumentError("raft", "reads", "readIndex or lease", String(rules.reads));
  }
  const [loMs, hiMs] = rules.electionMs;
  if (!(loMs >= 1 && hiMs >= loMs))
    throw argumentError("raft", "electionMs", "two times, ascending", `${loMs}, ${hiMs}`);
  if (!(rules.heartbeatMs <= loMs / 3)) {
    throw argumentError("raft", "heartbeatMs", `at most ${loMs / 3}`, String(rules.heartbeatMs));
  }
  if (!(rules.clockDriftMax <= 0.5)) {
    throw argumentError("raft", "clockDriftMax", "0 to 0.5", String(rules.clockDriftMax));
  }
  if (rules.reads === "lease" && !rules.checkQuorum) {
    throw argumentError("raft", "reads", "readIndex without checkQuorum", "lease");
  }
  return rules;
}

/** @throws WireError `argument` if options differ from the parameters that the cluster was founded with */
export function checkAgainst(config: ClusterConfig, { electionMs, clockDriftMax }: RaftRules): void {
  const founded = `${config.electionLoMs}, ${config.electionHiMs}, ${config.driftPermille}`;
  const given = `${electionMs[0]}, ${electionMs[1]}, ${Math.round(clockDriftMax * 1000)}`;
  if (founded !== given) throw argumentError("raft", "electionMs", `those of the cluster: ${founded}`, given);
}
