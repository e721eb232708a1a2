/** The start of a member: its identity, its log and its snapshot, read from the disk or made there. */
import { equalBytes, own } from "../../../bytes/index.js";
import {
  decodeIdentityRecord,
  decodeStartRecord,
  encodeIdentityRecord,
  peekStartRecordLength,
  type ClusterConfig,
  type IdentityRecord,
} from "../../../codec/gen/raft/index.js";
import { isWireError, type WireIssue } from "../../../errors.js";
import { sha256Stream } from "../../../kernel/index.js";
import type { DiskValue, Env } from "../../../machine/index.js";
import { AppliedState } from "../core/applied-state.js";
import { foundingStore, LogImage } from "../core/log-image.js";
import type { BackupHooks } from "../core/backup-hooks.js";
import type { MemberId } from "../core/messages.js";
import type { RaftCoreOptions } from "../core/options.js";
import type { SnapshotSink, StateMachine } from "../core/state-machine.js";
import type { SnapshotMark } from "../core/types.js";
import { LogIndex } from "./log-index.js";
import { keptBytes, type DiskOperations } from "./operations.js";
import { damage, readBegin, replay } from "./records.js";
import { cutBases, LOG_PREFIX, META_KEY, segmentKey, Segments, SNAPSHOT_PREFIX, type Segment } from "./segments.js";

/** What a member should find, or make where there is nothing. */
export interface StartOptions {
  readonly clusterId: Uint8Array;
  readonly member: MemberId;
  /** The configuration that all founders store; undefined for a member that is added later. */
  readonly founding: ClusterConfig | undefined;
  readonly stateMachine: StateMachine;
  /** Undefined for a cluster without a chain. */
  readonly backups: BackupHooks | undefined;
  readonly options: RaftCoreOptions;
  readonly segmentBytes: number;
  readonly onTornTail: "cut" | "abstain";
}

/** What a member begins with. */
export interface Started {
  readonly life: bigint;
  readonly log: LogImage;
  readonly files: ReadonlyMap<string, number>;
  readonly applied: AppliedState;
  readonly segments: Segments;
}

/** How a start ends: with an issue if the disk can never be started from, with undefined if it has failed to answer. */
export type StartDone = (started: Started | WireIssue | undefined) => void;

const ID_KEY = "raft/id";
/** Bytes of a snapshot that are read at a time. */
const READ_BYTES = 262_144;

/** Reads a disk, step by step. */
export class Start {
  readonly #options: StartOptions;
  readonly #disk: DiskOperations;
  readonly #env: Env;
  readonly #done: StartDone;
  readonly #log = new LogImage();
  readonly #segments: Segment[] = [];
  readonly #index = new LogIndex();
  #life = 0n;
  #metaBytes = 0;
  #markSegment = 0;
  #lastBytes = 0;

  constructor(options: StartOptions, disk: DiskOperations, env: Env, done: StartDone) {
    this.#options = options;
    this.#disk = disk;
    this.#env = env;
    this.#done = done;
  }

  /** Begins to read. */
  begin(): void {
    this.#load(ID_KEY, (bytes) => this.#identity(bytes));
  }

  #identity(bytes: Uint8Array | undefined): void {
    const { clusterId, member } = this.#options;
    if (bytes === undefined) {
      this.#life = new DataView(own(this.#env.random(8)).buffer).getBigUint64(0);
      const record: IdentityRecord = { clusterId, member, life: this.#life };
      const writes = [{ key: ID_KEY, at: 0, bytes: encodeIdentityRecord(record) }];
      return this.#disk.store(writes, (isStored) => {
        if (isStored) this.#load(META_KEY, (meta) => this.#meta(meta));
        else this.#done(undefined);
      });
    }
    const found = decodeIdentityRecord(bytes);
    if (!equalBytes(found.clusterId, clusterId)) throw damage("id", "the disk of a member of this cluster");
    if (found.member !== member) throw damage("id", `the disk of member ${member}`, String(found.member));
    this.#life = found.life;
    this.#load(META_KEY, (meta) => this.#meta(meta));
  }

  #meta(bytes: Uint8Array | undefined): void {
    const records = bytes ?? new Uint8Array(0);
    let first = 0;
    for (let at = 0; at < records.length;) {
      const length = peekStartRecordLength(records, at, records.length);
      first = decodeStartRecord(records, at, length > 0 ? at + length : records.length).firstSegment;
      at += length;
    }
    this.#metaBytes = records.length;
    this.#disk.list(LOG_PREFIX, (keys) => {
      if (keys === undefined) return this.#done(undefined);
      const numbers = keys.map((key) => Number(key.slice(LOG_PREFIX.length)));
      const old = numbers.filter((number) => number < first);
      if (old.length > 0) {
        this.#disk.store(
          old.map((number) => ({ key: segmentKey(number), remove: true })),
          () => {},
        );
      }
      this.#try(() => this.#readSegments(numbers.filter((number) => number >= first)));
    });
  }

  #readSegments(numbers: readonly number[]): void {
    const [first] = numbers;
    if (first === undefined) return this.#found();
    let before: (Pick<DiskValue, "badAt" | "isTorn"> & { readonly bytes: Uint8Array }) | undefined;
    const next = (i: number): void => {
      const number = first + i;
      if (i === numbers.length) {
        if (before!.badAt !== undefined) throw damage("segment", "a whole segment", `damage at byte ${before!.badAt}`);
        this.#replay(before!.bytes, number - 1);
        if (before!.isTorn === true && this.#options.onTornTail === "abstain") {
          this.#log.hard = { ...this.#log.hard, isBehind: true };
        }
        return this.#snapshot();
      }
      if (numbers[i] !== number) throw damage("segment", `segment ${number}`, `segment ${numbers[i]}`);
      this.#disk.load({ key: segmentKey(number) }, (value) => {
        if (value === undefined) return this.#done(undefined);
        this.#try(() => {
          if (value.bytes === undefined) throw damage("segment", `segment ${number}`);
          const bytes = keptBytes(value.bytes, value.isGiven);
          if (before !== undefined) {
            // What lies behind the bytes that count was never acknowledged.
            const { prevBytes } = readBegin(bytes);
            if ((before.badAt ?? Infinity) < prevBytes || before.bytes.length < prevBytes) {
              throw damage("segment", `${prevBytes} bytes of segment ${number - 1}`, `${before.bytes.length} bytes`);
            }
            this.#replay(before.bytes.subarray(0, prevBytes), number - 1);
          }
          before = { ...value, bytes };
          next(i + 1);
        });
      });
    };
    next(0);
  }

  #replay(bytes: Uint8Array, number: number): void {
    const mark = this.#log.mark;
    const segment = { number, prevIndex: readBegin(bytes).prevIndex, isBase: true };
    this.#segments.push(segment);
    replay(bytes, this.#log, number, this.#segments.length === 1, {
      replaced: (first, count, at, length) => {
        cutBases(this.#segments, first);
        this.#index.add({ segment: number, at, length, first, count });
      },
      dropped: () => this.#index.clear(),
    });
    if (this.#log.mark !== mark) this.#markSegment = number;
    this.#lastBytes = bytes.length;
  }

  /** An empty log: a founder writes the first configuration, anyone else waits for a leader. */
  #found(): void {
    const { founding, segmentBytes } = this.#options;
    if (founding === undefined) return this.#snapshot();
    const store = foundingStore(founding);
    const segments = new Segments(this.#disk, segmentBytes, this.#segmentsStart());
    segments.store(store, (isStored) => {
      if (!isStored) return this.#done(undefined);
      this.#log.apply(store);
      this.#try(() => this.#readFiles(this.#newState(), segments));
    });
  }

  #snapshot(): void {
    const segments = new Segments(this.#disk, this.#options.segmentBytes, this.#segmentsStart());
    const applied = this.#newState();
    const { mark } = this.#log;
    if (mark === undefined) return this.#readFiles(applied, segments);
    this.#restore(mark, applied.restore(), () => this.#readFiles(applied, segments));
  }

  /** Loads the newest snapshot, and checks its hash on the way. */
  #restore({ key, sizeBytes, sha256 }: SnapshotMark, sink: SnapshotSink, done: () => void): void {
    const hash = sha256Stream();
    const step = (at: number): void => {
      const length = Math.min(READ_BYTES, sizeBytes - at);
      this.#disk.load({ key: SNAPSHOT_PREFIX + key, at, length }, (value) => {
        if (value === undefined) return this.#done(undefined);
        this.#try(() => {
          if (value.bytes?.length !== length) throw damage("snapshot", `${sizeBytes} bytes`, `${at} bytes`);
          hash.update(value.bytes);
          sink.write(value.bytes);
          if (at + length < sizeBytes) return step(at + length);
          if (!equalBytes(hash.digest(), sha256)) throw damage("snapshot", "the bytes that were stored");
          sink.finish()();
          done();
        });
      });
    };
    step(0);
  }

  /** Keeps the parts of snapshots that were being received, and removes the files that nothing needs. */
  #readFiles(applied: AppliedState, segments: Segments): void {
    const { mark } = this.#log;
    const files = new Map<string, number>();
    this.#disk.list(SNAPSHOT_PREFIX, (keys) => {
      if (keys === undefined) return this.#done(undefined);
      const names = keys.map((key) => key.slice(SNAPSHOT_PREFIX.length));
      const isWanted = (name: string): boolean =>
        name === mark?.key || (!name.endsWith("-own") && Number.parseInt(name, 10) > (mark?.last.index ?? 0));
      for (const name of names) {
        if (!isWanted(name)) this.#disk.store([{ key: SNAPSHOT_PREFIX + name, remove: true }], () => {});
      }
      const wanted = names.filter(isWanted);
      const next = (i: number): void => {
        if (i === wanted.length) return this.#done({ life: this.#life, log: this.#log, files, applied, segments });
        const name = wanted[i]!;
        this.#disk.load({ key: SNAPSHOT_PREFIX + name, at: 0, length: 0 }, (value) => {
          if (value === undefined) return this.#done(undefined);
          if (value.badAt === undefined) files.set(name, value.size);
          else this.#disk.store([{ key: SNAPSHOT_PREFIX + name, remove: true }], () => {});
          next(i + 1);
        });
      };
      next(0);
    });
  }

  #newState(): AppliedState {
    const { stateMachine, options, backups } = this.#options;
    return new AppliedState(stateMachine, options, backups);
  }

  #segmentsStart() {
    const { end, hard } = this.#log;
    const sizes = { sizeBytes: this.#lastBytes, metaBytes: this.#metaBytes };
    return { segments: this.#segments, index: this.#index, ...sizes, end, hard, markSegment: this.#markSegment };
  }

  #load(key: string, done: (bytes: Uint8Array | undefined) => void): void {
    this.#disk.load({ key }, (value) => {
      if (value === undefined) return this.#done(undefined);
      this.#try(() => {
        if (value.badAt !== undefined) throw damage(key, "the bytes that were stored", `damage at byte ${value.badAt}`);
        done(value.bytes);
      });
    });
  }

  /** Whatever cannot be read ends the start. */
  #try(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!isWireError(error)) throw error;
      this.#done({ ...error.toJSON(), code: "storage" });
    }
  }
}
