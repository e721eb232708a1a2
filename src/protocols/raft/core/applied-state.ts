/** What committed entries have come to: the state machine, the sessions, the backups and the clock of the cluster. */
import { concatBytes, isBytes } from "../../../bytes/index.js";
import {
  EntryType,
  tryDecodeCloseSessionData,
  tryDecodeCommandData,
  tryDecodeMarkData,
  tryDecodeNoteHead,
  tryDecodeOpenSessionData,
  type LogEntry,
} from "../../../codec/gen/raft/index.js";
import { argumentError } from "../../../errors.js";
import type { BackupHooks } from "./backup-hooks.js";
import { rulesOf, type RaftCoreOptions } from "./options.js";
import { NO_RESULT, Sessions, type Applied } from "./sessions.js";
import { encodeFront, FrontReader } from "./snapshot-front.js";
import type { SnapshotSink, SnapshotSource, StateMachine } from "./state-machine.js";

/** Applies entries in their order, once each. */
export class AppliedState {
  readonly machine: StateMachine;
  /** Undefined for a cluster without a chain. */
  readonly backups: BackupHooks | undefined;
  readonly #sessions: Sessions;
  #atMs = 0;

  /** The options are those of the core. */
  constructor(machine: StateMachine, options: RaftCoreOptions = {}, backups?: BackupHooks) {
    this.machine = machine;
    this.backups = backups;
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
      const { client, command } = decoded.value;
      const atMs = this.#advance(decoded.value.atMs);
      const execute = (): Uint8Array => {
        const result = this.machine.apply({ index, atMs, data: command });
        if (!isBytes(result)) throw argumentError("raft", "stateMachine.apply", "bytes", typeof result);
        return result;
      };
      if (client === 0) return { status: "ok", result: execute() };
      return this.#sessions.run(decoded.value, atMs, execute);
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
    // What else they say is taken by the core, which has the place in the log.
    if (entryType === EntryType.mark || entryType === EntryType.note) {
      const said = entryType === EntryType.mark ? tryDecodeMarkData(data) : tryDecodeNoteHead(data);
      if (said.ok) this.#advance(said.value.atMs);
    }
    return undefined;
  }

  /** The bytes of the state alone, at once; undefined for more than `bytesMax`. */
  freeze(bytesMax: number): Uint8Array | undefined {
    const source = this.machine.snapshot();
    const parts: Uint8Array[] = [];
    let left = bytesMax;
    for (let part = source.next(left + 1); part !== undefined; part = source.next(left + 1)) {
      left -= part.length;
      if (left < 0) return undefined;
      parts.push(part);
    }
    return concatBytes(...parts);
  }

  /** The bytes of a snapshot of all that was applied. */
  snapshot(): SnapshotSource {
    let front: Uint8Array | undefined = encodeFront(this.#atMs, this.#sessions.records(), this.backups);
    const state = this.machine.snapshot();
    return {
      next(bytesMax) {
        if (front === undefined) return state.next(bytesMax);
        const part = front.slice(0, bytesMax);
        front = front.length > bytesMax ? front.subarray(bytesMax) : undefined;
        return part;
      },
    };
  }

  /**
   * Loads the bytes of a snapshot beside what is there.
   * @param ignoresBackups leaves out what backups have come to, where only the state is wanted
   */
  restore({ ignoresBackups = false }: { readonly ignoresBackups?: boolean } = {}): SnapshotSink {
    const state = this.machine.restore();
    const front = new FrontReader();
    return {
      write: (bytes) => {
        const rest = front.write(bytes);
        if (rest.length > 0) state.write(rest);
      },
      finish: () => {
        front.finish();
        const { backups, sessions, atMs } = front;
        if (backups !== undefined && this.backups === undefined && !ignoresBackups) {
          throw argumentError("raft", "backups", "a member with a chain, as the cluster has one");
        }
        // A snapshot from before there was a chain leaves its first block.
        const placeBackups = backups && this.backups?.restore(backups);
        const place = state.finish();
        return () => {
          place();
          placeBackups?.();
          this.#sessions.restore(sessions);
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
