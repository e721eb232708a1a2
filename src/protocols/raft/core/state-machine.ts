/** What is replicated: the state that committed commands change in their order. */
import { argumentError } from "../../../errors.js";

/** A committed command. */
export interface AppliedCommand {
  readonly index: number;
  /** Clock of the cluster: the same at every member, and the only one that a state may depend on. */
  readonly atMs: number;
  readonly data: Uint8Array;
}

/**
 * A state machine: equal commands in equal order lead to equal states, answers and snapshot bytes at every member. It
 * reads no clock, draws nothing, and iterates in no order that the commands do not fix. It does not throw: what a
 * command cannot do is an answer. A member whose state throws stops with a fault, as nobody knows any more what it
 * holds, and so does every other one at the same command; a query that throws is refused with `argument`, and harms
 * nobody.
 */
export interface StateMachine {
  /** Executes a command. `data` is lent; the answer is given away. */
  apply(command: AppliedCommand): Uint8Array;
  /** Answers a read without changing anything. The query is lent. */
  query?(query: Uint8Array): Uint8Array;
  /** The state as it is now, read while later commands are applied. At most one at a time. */
  snapshot(): SnapshotSource;
  /** Begins a second state beside this one. */
  restore(): SnapshotSink;
}

/** Checks a state machine that callers without types may have made. @throws WireError `argument` */
export function checkStateMachine(machine: StateMachine): void {
  for (const method of ["apply", "snapshot", "restore"] as const) {
    // A state machine may be missing altogether.
    const found: unknown = (machine as StateMachine | undefined)?.[method];
    if (typeof found !== "function") throw argumentError("raft", `stateMachine.${method}`, "a function", typeof found);
  }
}

/** The bytes of one state, in pieces. */
export interface SnapshotSource {
  /** At most so many bytes, at least one; undefined at the end. They are given away. */
  next(bytesMax: number): Uint8Array | undefined;
}

/** A state that is being loaded. One that is not finished is dropped. */
export interface SnapshotSink {
  /** The next bytes, which are lent. @throws WireError if no state has such bytes */
  write(bytes: Uint8Array): void;
  /** The bytes are whole. @returns what puts the state in the place of the old one @throws WireError if they are not */
  finish(): () => void;
}
