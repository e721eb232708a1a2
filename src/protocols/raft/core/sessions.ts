/** Sessions of clients: a command that is repeated under its serial is executed once. */
import type { SessionRecord } from "../../../codec/gen/raft/index.js";
import { IdMap } from "../../../machine/id-map.js";
import type { RaftRules } from "./options.js";
import type { CallStatus } from "./types.js";

/** What a command has come to. */
export interface Applied {
  readonly status: CallStatus;
  readonly result: Uint8Array;
}

/** A client, and the results that it has not acknowledged. */
interface Session {
  ackedBelow: number;
  lastMs: number;
  readonly results: IdMap<number, Uint8Array>;
}

export const NO_RESULT: Uint8Array = new Uint8Array(0);
/** A session that was idle for less is not given up for a new one. */
const EVICT_IDLE_MS = 60_000;

/** A command as its session sees it. */
export interface SessionCommand {
  readonly client: number;
  readonly serial: number;
  readonly ackedBelow: number;
}

/**
 * All sessions, equal at every member: what happens to them depends on the entries of the log and the clock in these
 * alone.
 */
export class Sessions {
  readonly #rules: RaftRules;
  /** By last use, the longest idle first. */
  #sessions = new Map<number, Session>();
  /** The one that was used last. */
  #newest: number | undefined;
  /** No session is idle for too long before. */
  #quietUntilMs = -Infinity;

  constructor(rules: RaftRules) {
    this.#rules = rules;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Ends the sessions that are idle at `atMs`. */
  expire(atMs: number): void {
    if (atMs < this.#quietUntilMs) return;
    for (const [client, { lastMs }] of this.#sessions) {
      this.#quietUntilMs = lastMs + this.#rules.sessionIdleMs;
      if (this.#quietUntilMs > atMs) return;
      this.#sessions.delete(client);
    }
    this.#quietUntilMs = -Infinity;
  }

  /** Opens a session; where there are too many, the longest idle one ends. */
  open(client: number, atMs: number): Applied {
    if (this.#sessions.size >= this.#rules.sessionsMax) {
      const idle = this.#longestIdle();
      if (idle === undefined || this.#sessions.get(idle)!.lastMs + EVICT_IDLE_MS > atMs) return failed("limit");
      this.#sessions.delete(idle);
    }
    this.#sessions.set(client, { ackedBelow: 0, lastMs: atMs, results: new IdMap() });
    this.#newest = client;
    return { status: "ok", result: NO_RESULT };
  }

  close(client: number): Applied {
    return this.#sessions.delete(client) ? { status: "ok", result: NO_RESULT } : failed("sessionExpired");
  }

  /** Executes a command unless it was executed before, whose result is given again. */
  run({ client, serial, ackedBelow }: SessionCommand, atMs: number, execute: () => Uint8Array): Applied {
    const session = this.#sessions.get(client);
    if (session === undefined) return failed("sessionExpired");
    if (client !== this.#newest) {
      this.#newest = client;
      this.#sessions.delete(client);
      this.#sessions.set(client, session);
    }
    session.lastMs = atMs;
    if (ackedBelow > session.ackedBelow) {
      forget(session, ackedBelow);
    }
    if (serial < session.ackedBelow) return failed("argument");
    const known = session.results.get(serial);
    if (known !== undefined) return { status: "ok", result: known };
    if (session.results.size >= this.#rules.sessionResultsMax) return failed("limit");
    const result = execute();
    session.results.set(serial, result.length > this.#rules.sessionResultBytesMax ? NO_RESULT : result);
    return { status: "ok", result };
  }

  /** All sessions by client, for a snapshot. */
  records(): SessionRecord[] {
    return [...this.#sessions]
      .map(([client, { ackedBelow, lastMs, results }]) => ({
        client,
        ackedBelow,
        lastMs,
        results: results
          .entries()
          .map(([serial, result]) => ({ serial, result }))
          .toSorted((a, b) => a.serial - b.serial),
      }))
      .toSorted((a, b) => a.client - b.client);
  }

  /** Takes the place of all sessions. */
  restore(records: readonly SessionRecord[]): void {
    this.#newest = undefined;
    this.#quietUntilMs = -Infinity;
    const byUse = records.toSorted((a, b) => a.lastMs - b.lastMs || a.client - b.client);
    this.#sessions = new Map(
      byUse.map(({ client, ackedBelow, lastMs, results }) => [
        client,
        { ackedBelow, lastMs, results: resultsOf(results) },
      ]),
    );
  }

  /** Of those that were last used at the same time the least, since a snapshot does not keep their order. */
  #longestIdle(): number | undefined {
    let [found, sinceMs] = [undefined as number | undefined, Infinity];
    for (const [client, { lastMs }] of this.#sessions) {
      if (lastMs > sinceMs) break;
      sinceMs = lastMs;
      found = found === undefined ? client : Math.min(found, client);
    }
    return found;
  }
}

function resultsOf(records: SessionRecord["results"]): IdMap<number, Uint8Array> {
  const results = new IdMap<number, Uint8Array>();
  for (const { serial, result } of records) results.set(serial, result);
  return results;
}

/** Drops the results below a serial. None that is kept is below the last such one. */
function forget(session: Session, ackedBelow: number): void {
  const { results, ackedBelow: before } = session;
  session.ackedBelow = ackedBelow;
  // Mostly one serial more is acknowledged, while dozens of results are kept.
  if (ackedBelow - before <= results.size) {
    for (let serial = before; serial < ackedBelow; serial++) results.delete(serial);
  } else for (const serial of results.keys()) if (serial < ackedBelow) results.delete(serial);
}

function failed(status: CallStatus): Applied {
  return { status, result: NO_RESULT };
}
