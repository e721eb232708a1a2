/** What has to be on the disk of a whole member before something leaves it, read from the disk at every effect. */
import { equalBytes } from "../../../src/bytes/index.js";
import { brokenPromise } from "../../../src/cli/raft/simulated/promises.js";
import {
  decodeStartRecord,
  peekStartRecordLength,
  RecordType,
  tryDecodeMessageHeader,
} from "../../../src/codec/gen/raft/index.js";
import { sha256 } from "../../../src/kernel/index.js";
import { isPut, type DiskWrite, type Effect, type Event, type Machine } from "../../../src/machine/index.js";
import { LogImage } from "../../../src/protocols/raft/core/log-image.js";
import type { AppendMessage, MemberId, RaftMessage } from "../../../src/protocols/raft/core/messages.js";
import { markOf, readBegin, replay, takeRecord } from "../../../src/protocols/raft/disk/records.js";
import { LOG_PREFIX, META_KEY, segmentKey, SNAPSHOT_PREFIX } from "../../../src/protocols/raft/disk/segments.js";
import { decodeMember } from "../../../src/protocols/raft/wire/member-messages.js";
import { RpcFrames } from "../../../src/protocols/rpc/index.js";

const ID_KEY = "raft/id";
const FRAMES = new RpcFrames({ framing: "uint32be" });

/** The disk of a member, as it is at the moment. */
export interface ReadableDisk {
  read(key: string): Uint8Array | undefined;
}

/** What the log on a disk amounts to, and where its files are said to begin. */
interface Found {
  readonly log: LogImage;
  readonly firstSegment: number;
}

/** Logs of leaders by term, as all members of a run have sent them. */
export class SentLogs {
  readonly logs = new Map<number, number[]>();

  learn({ term, prev, entries }: AppendMessage): void {
    const log = this.logs.get(term) ?? [];
    this.logs.set(term, log);
    log[prev.index] = prev.term;
    for (const [i, entry] of entries.entries()) log[prev.index + 1 + i] = entry.term;
  }
}

/** Watches the effects of one member, over all its lives. */
export class DiskWatch {
  readonly #member: MemberId;
  readonly #disk: () => ReadableDisk;
  readonly #isFounder: boolean;
  readonly #sent: SentLogs;
  /** Names of the files of snapshots that were ever stored to. */
  readonly #files = new Set<string>();
  /** What the disk had when the last store ended. */
  #found: Found | undefined;
  /** Bytes of frames that are not whole yet. */
  readonly #partial = new Map<number, Uint8Array>();
  #hasLinks = false;
  /** Messages that were looked at. */
  messages = 0;

  constructor(member: MemberId, disk: () => ReadableDisk, isFounder: boolean, sent: SentLogs) {
    this.#member = member;
    this.#disk = disk;
    this.#isFounder = isFounder;
    this.#sent = sent;
  }

  /** A machine that is watched: one life. */
  watched<Request, Value, Emitted>(machine: Machine<Request, Value, Emitted>): Machine<Request, Value, Emitted> {
    this.#found = undefined;
    this.#hasLinks = false;
    this.#partial.clear();
    return {
      halfOpen: machine.halfOpen ?? false,
      nextWakeMs: () => machine.nextWakeMs(),
      step: (event: Event<Request>, nowMs, out) => {
        if (event.type === "stored" || event.type === "failed") this.#found = undefined;
        const from = out.length;
        machine.step(event, nowMs, out);
        for (let i = from; i < out.length; i++) this.look(out[i]!);
      },
    };
  }

  /** Looks at an effect before it is carried out. @throws Error for one that comes too early */
  look(effect: Effect<unknown, unknown>): void {
    switch (effect.type) {
      case "connect":
        return this.#opens();
      case "write":
        this.#opens();
        return this.#writes(effect.link, effect.bytes);
      case "store":
        return this.#stores(effect.writes);
      default:
        return;
    }
  }

  get #onDisk(): Found {
    this.#found ??= readLog(this.#disk());
    return this.#found;
  }

  /** Before links: who the member is and, of a founder, the configuration that all founders agree on. */
  #opens(): void {
    if (this.#hasLinks) return;
    if (this.#disk().read(ID_KEY) === undefined) this.#fail("opens a link, and its disk does not say who it is");
    const { log } = this.#onDisk;
    const isFounded = log.last > 0 && log.hard.term > 0;
    if (this.#isFounder && !isFounded) this.#fail("opens a link before the first configuration is on its disk");
    this.#hasLinks = true;
  }

  #stores(writes: readonly DiskWrite[]): void {
    for (const { key } of writes) {
      if (key !== ID_KEY && this.#disk().read(ID_KEY) === undefined) this.#fail(`stores ${key} before ${ID_KEY}`);
      if (key.startsWith(SNAPSHOT_PREFIX)) this.#files.add(key.slice(SNAPSHOT_PREFIX.length));
    }
    const puts = writes.filter(isPut);
    this.#marks(puts.filter(({ key }) => key.startsWith(LOG_PREFIX)).map(({ bytes }) => bytes));
    const removed = writes.filter((write) => !isPut(write)).map(({ key }) => key);
    for (const key of removed) this.#removes(key, puts.find((put) => put.key === META_KEY)?.bytes);
  }

  /** Before the mark of a snapshot: all bytes of it. */
  #marks(parts: readonly Uint8Array[]): void {
    const bytes = Buffer.concat(parts);
    for (let at = 0; at < bytes.length;) {
      const { type, body, end } = takeRecord(bytes, at);
      if (type === RecordType.mark) {
        const { key, sizeBytes, sha256: hash } = markOf(body);
        const held = this.#disk().read(SNAPSHOT_PREFIX + key);
        const isWhole = held?.length === sizeBytes && equalBytes(sha256(held), hash);
        if (!isWhole) this.#fail(`marks ${key} before all of it is on its disk`);
      }
      at = end;
    }
  }

  /** Before older segments and snapshots go: the mark of what takes their place, and where the log begins now. */
  #removes(key: string, meta: Uint8Array | undefined): void {
    const { log, firstSegment } = this.#onDisk;
    if (key.startsWith(SNAPSHOT_PREFIX)) {
      if (key === SNAPSHOT_PREFIX + log.mark?.key) this.#fail(`removes ${key}, the base of its log`);
      return;
    }
    if (!key.startsWith(LOG_PREFIX)) return;
    const first = Math.max(firstSegment, meta === undefined ? 0 : firstSegmentIn(meta));
    if (key >= segmentKey(first)) this.#fail(`removes ${key}, and its log begins at segment ${first}`);
    const { prevIndex } = readBegin(this.#disk().read(segmentKey(first))!);
    const covered = log.mark?.last.index ?? 0;
    if (prevIndex > covered) this.#fail(`begins its log behind ${prevIndex}, and its snapshot ends at ${covered}`);
  }

  #writes(link: number, bytes: Uint8Array): void {
    let left: Uint8Array = Buffer.concat([this.#partial.get(link) ?? new Uint8Array(0), bytes]);
    const frames: Uint8Array[] = [];
    while (left.length >= 4) {
      const length = 4 + new DataView(left.buffer, left.byteOffset).getUint32(0);
      if (left.length < length) break;
      frames.push(left.subarray(0, length));
      left = left.subarray(length);
    }
    this.#partial.set(link, left);
    for (const frame of frames) this.#sends(frame);
  }

  #sends(frame: Uint8Array): void {
    const decoded = FRAMES.tryDecode(frame, 0, frame.length);
    if (!decoded.ok) throw new Error(`member ${this.#member} sends a frame that cannot be read`);
    const { payload } = decoded.value;
    const header = tryDecodeMessageHeader(payload);
    const message = header.ok ? decodeMember(payload, header.value, undefined) : header;
    // What goes to and from clients promises nothing by itself.
    if (message.ok) this.sends(message.value);
  }

  /** Looks at a message between members. @throws Error for one that promises what is not on the disk */
  sends(message: RaftMessage): void {
    this.messages++;
    if (message.kind === "append") this.#sent.learn(message);
    const { log } = this.#onDisk;
    // It has waited for its link, and what it said is of the past.
    if (log.hard.term > message.term && message.kind !== "preVote") return;
    const partBytes = ({ index, term }: { readonly index: number; readonly term: number }): number => {
      const isPart = (name: string): boolean => name.startsWith(`${index}-${term}-`) && !name.endsWith("-own");
      const sizes = [...this.#files]
        .filter(isPart)
        .map((name) => this.#disk().read(SNAPSHOT_PREFIX + name)?.length ?? 0);
      return Math.max(0, ...sizes);
    };
    const broken = brokenPromise(message, this.#member, { log, partBytes }, this.#sent.logs);
    if (broken !== undefined) this.#fail(`sends ${message.kind} of term ${message.term}: ${broken}`);
  }

  #fail(what: string): never {
    throw new Error(`S6: member ${this.#member} ${what}`);
  }
}

/** Reads the log of a disk as a start does. */
function readLog(disk: ReadableDisk): Found {
  const log = new LogImage();
  const meta = disk.read(META_KEY);
  const firstSegment = meta === undefined ? 1 : firstSegmentIn(meta);
  let bytes = disk.read(segmentKey(firstSegment));
  for (let segment = firstSegment; bytes !== undefined; segment++) {
    const next = disk.read(segmentKey(segment + 1));
    const end = next === undefined ? bytes.length : readBegin(next).prevBytes;
    replay(bytes.subarray(0, end), log, segment, segment === firstSegment);
    bytes = next;
  }
  return { log, firstSegment };
}

/** The first segment that the last record of `raft/meta` names. */
function firstSegmentIn(records: Uint8Array): number {
  let first = 1;
  for (let at = 0; at < records.length;) {
    const length = peekStartRecordLength(records, at, records.length);
    first = decodeStartRecord(records, at, at + length).firstSegment;
    at += length;
  }
  return first;
}
