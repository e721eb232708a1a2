/** Commands of this server in one session of the cluster: each is executed once, however often it is proposed. */
import { own } from "../../bytes/index.js";
import type { Result, WireIssue } from "../../errors.js";
import type { Millis } from "../../machine/index.js";
import { Serials, type RaftCall, type RaftOutcome } from "../raft/index.js";

/** How a call of Raft ended. */
export type RaftDone = (outcome: Result<RaftOutcome>) => void;

/** What the session asks its member for. */
export interface CommandPort {
  propose(call: RaftCall, deadlineMs: Millis, done: RaftDone): void;
}

interface Command {
  readonly data: Uint8Array;
  readonly deadlineMs: Millis;
  readonly done: RaftDone;
  isOver: boolean;
}

/** Commands that wait; more are refused as `limit`. */
const WAITING_MAX = 4_096;

/** The commands under way, and those that wait for the session or for a place in it. */
export class Commands {
  readonly #port: CommandPort;
  #session: Serials | undefined;
  #isOpening = false;
  #waiting: Command[] = [];
  /** Attempts. */
  proposals = 0;

  constructor(port: CommandPort) {
    this.#port = port;
  }

  /** @returns what gives the command up; it may be executed all the same */
  start(data: Uint8Array, deadlineMs: Millis, done: RaftDone): () => void {
    const command: Command = {
      data: own(data),
      deadlineMs,
      isOver: false,
      done: (outcome) => {
        if (command.isOver) return;
        command.isOver = true;
        done(outcome);
      },
    };
    if (this.#waiting.length >= WAITING_MAX) done({ ok: false, error: issueOf("limit") });
    else {
      this.#waiting.push(command);
      this.#advance();
    }
    return () => command.done({ ok: false, error: issueOf("cancelled") });
  }

  #advance(): void {
    this.#waiting = this.#waiting.filter(({ isOver }) => !isOver);
    while (this.#waiting.length > 0) {
      const session = this.#session;
      if (session === undefined) return this.#open();
      if (session.isFull) return;
      this.#propose(this.#waiting.shift()!, session);
    }
  }

  #propose(command: Command, session: Serials): void {
    const place = session.open();
    this.proposals++;
    const call: RaftCall = { type: "propose", data: command.data, session: place };
    this.#port.propose(call, command.deadlineMs, (outcome) => {
      session.close(place.serial);
      const isExpired = !outcome.ok && outcome.error.code === "expired";
      if (isExpired && !command.isOver) {
        // Refused: it has not happened, and may in another session.
        if (this.#session === session) this.#session = undefined;
        this.#waiting.unshift(command);
      } else command.done(outcome);
      this.#advance();
    });
  }

  #open(): void {
    if (this.#isOpening) return;
    this.#isOpening = true;
    const deadlineMs = Math.max(...this.#waiting.map((command) => command.deadlineMs));
    // A session that nobody learns of ends by itself: so it may be asked for again.
    this.#port.propose({ type: "openSession" }, deadlineMs, (outcome) => {
      this.#isOpening = false;
      if (outcome.ok && outcome.value.type === "sessionOpened") this.#session = new Serials(outcome.value.client);
      else if (!outcome.ok && outcome.error.code !== "uncertain") {
        // Commands that came meanwhile may wait for longer than the session was asked for.
        const isLate = outcome.error.code === "timeout";
        const failed = this.#waiting.filter((command) => !isLate || command.deadlineMs <= deadlineMs);
        this.#waiting = this.#waiting.filter((command) => !failed.includes(command));
        for (const { done } of failed) done(outcome);
      }
      this.#advance();
    });
  }
}

function issueOf(code: WireIssue["code"]): WireIssue {
  return { code, format: "dps", path: "" };
}
