/** What committed entries have come to: the state machine, the sessions and the clock of the cluster. */
import { concatBytes } from "../../../bytes/index.js";
import {
  decodeSessionRecord,
  decodeSnapshotHead,
  encodeSessionRecord,
  encodeSnapshotHead,
  EntryType,
  peekSessionRecordLength,
  peekSnapshotHeadLength,
  tryDecodeCloseSessionData,
  tryDecodeCommandData,
  tryDecodeOpenSessionData,
  type LogEntry,
  type SessionRecord,
} from "../../../codec/gen/raft/index.js";
import { WireError } from "../../../errors.js";
import { rulesOf, type RaftCoreOptions } from "./options.js";
import { NO_RESULT, Sessions, type Applied } from "./sessions.js";
import type { SnapshotSink, SnapshotSource, StateMachine } from "./state-machine.js";

/** Applies entries in their order, once each. */
export class AppliedState {
  readonly machine: StateMachine;
  readonly #sessions: Sessions;
  #atMs = 0;

  /** The options are those of the core. */
  constructor(machine: StateMachine, options: RaftCoreOptions = {}) {
    this.machine = machine;
    this.#sessions = new Sessions(rulesOf(options));
  }

  /** Clock of the cluster at the last entry that says it. */
  get atMs(): number {
    return this.#atMs;
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** Applies a committed entry; undefined for one that changes no state. */
  apply(index: number, { entryType, data }: LogEntry): Applied | undefined {
    if (entryType === EntryType.command) {
      const decoded = tryDecodeCommandData(data);
      if (!decoded.ok) return BAD;
      const { client, serial, ackedBelow, command } = decoded.value;
      const atMs = this.#advance(decoded.value.atMs);
      const execute = (): Uint8Array => this.machine.apply({ index, atMs, data: command });
      if (client === 0) return { status: "ok", result: execute() };
      return this.#sessions.run({ client, serial, ackedBelow, atMs }, execute);
    }
    if (entryType === EntryType.openSession) {
      const decoded = tryDecodeOpenSessionData(data);
      return decoded.ok ? this.#sessions.open(index, this.#advance(decoded.value.atMs)) : BAD;
    }
    if (entryType === EntryType.closeSession) {
      const decoded = tryDecodeCloseSessionData(data);
      if (!decoded.ok) return BAD;
      this.#advance(decoded.value.atMs);
      return this.#sessions.close(decoded.value.client);
    }
    return undefined;
  }

  /** The bytes of a snapshot of all that was applied. */
  snapshot(): SnapshotSource {
    const sessions = this.#sessions.records();
    const head = { atMs: this.#atMs, markNumber: 0, markIndex: 0, tipIndex: 0, tipHash: NO_RESULT };
    const parts = [
      encodeSnapshotHead({ ...head, sessionCount: sessions.length }),
      ...sessions.map(encodeSessionRecord),
    ];
    const state = this.machine.snapshot();
    let front: Uint8Array | undefined = concatBytes(...parts);
    return {
      next(bytesMax) {
        if (front === undefined) return state.next(bytesMax);
        const part = front.slice(0, bytesMax);
        front = front.length > bytesMax ? front.subarray(bytesMax) : undefined;
        return part;
      },
    };
  }

  /** Loads the bytes of a snapshot beside what is there. */
  restore(): SnapshotSink {
    const state = this.machine.restore();
    const records: SessionRecord[] = [];
    let held: Uint8Array = NO_RESULT;
    let atMs = 0;
    let missing: number | undefined;
    return {
      write: (bytes) => {
        if (missing === 0) return state.write(bytes);
        held = concatBytes(held, bytes);
        let at = 0;
        if (missing === undefined) {
          at = peekSnapshotHeadLength(held, 0, held.length);
          if (at === 0 || at > held.length) return;
          // Where no head begins, decoding says why.
          ({ atMs, sessionCount: missing } = decodeSnapshotHead(held, 0, at < 0 ? held.length : at));
        }
        for (; missing > 0; missing--) {
          const length = peekSessionRecordLength(held, at, held.length);
          if (length <= 0 || at + length > held.length) break;
          records.push(decodeSessionRecord(held, at, at + length));
          at += length;
        }
        held = held.slice(at);
        if (missing > 0 || held.length === 0) return;
        state.write(held);
        held = NO_RESULT;
      },
      finish: () => {
        if (missing !== 0) throw new WireError({ code: "short", format: "raft", path: "snapshot" });
        const place = state.finish();
        return () => {
          place();
          this.#sessions.restore(records);
          this.#atMs = atMs;
        };
      },
    };
  }

  /** The clock never goes back, whatever an entry says. */
  #advance(atMs: number): number {
    this.#atMs = Math.max(this.#atMs, atMs);
    this.#sessions.expire(this.#atMs);
    return this.#atMs;
  }
}

const BAD: Applied = { status: "argument", result: NO_RESULT };
