/** What a host does when its machine faults. */
import { argumentError, type WireError } from "../errors.js";
import type { Env, Machine, Millis } from "../machine/index.js";

/** Restarts of a machine: a fresh one each time, without links, calls and memory of the one before. */
export interface RestartPolicy {
  /** Restarts within any `withinMs`; at the next fault `afterwards` applies. */
  readonly restartsMax: number;
  readonly withinMs: Millis;
  /** Default `stay-down`. */
  readonly afterwards?: "stay-down" | "end-process";
}

/**
 * What a host does when its machine faults. `stay-down`: goes on without it; links are shut, and calls settle with the
 * fault. `end-process`: throws the fault as an uncaught exception, which ends a Node.js process with status 1 and the
 * stack on standard error, unless the program handles `uncaughtException`. Or restarts, for a machine given as a function.
 */
export type FaultPolicy = "stay-down" | "end-process" | RestartPolicy;

/** Decides at each fault what follows. */
export class Faults {
  readonly #policy: FaultPolicy;
  /** Times of the restarts that still count, oldest first. */
  readonly #restarts: Millis[] = [];
  /** Restarts so far. */
  restarts = 0;

  /** @throws WireError `argument` for an invalid policy, and for restarts of a machine that cannot be built again */
  constructor(policy: FaultPolicy, canRestart: boolean) {
    checkPolicy(policy, canRestart);
    this.#policy = policy;
  }

  /** What follows a fault now. A restart is counted. */
  next(nowMs: Millis): "stay-down" | "end-process" | "restart" {
    const policy = this.#policy;
    if (typeof policy === "string") return policy;
    while (this.#restarts.length > 0 && this.#restarts[0]! <= nowMs - policy.withinMs) this.#restarts.shift();
    if (this.#restarts.length >= policy.restartsMax) return policy.afterwards ?? "stay-down";
    this.#restarts.push(nowMs);
    this.restarts++;
    return "restart";
  }
}

/** A factory whose exception becomes the fault of a machine, so that a restart that fails counts as one. */
export function faultOnThrow<Request, Value, Emitted>(
  build: (env: Env) => Machine<Request, Value, Emitted>,
): (env: Env) => Machine<Request, Value, Emitted> {
  return (env) => {
    try {
      return build(env);
    } catch (error) {
      const fail = (): never => {
        throw error;
      };
      return { step: fail, nextWakeMs: fail };
    }
  };
}

/** Says on standard error that a machine has faulted, and where it threw. */
export function printFault({ message, cause }: WireError): void {
  const where = cause instanceof Error ? cause.stack : undefined;
  // oxlint-disable-next-line no-console -- nobody else was named to whom it could be said
  console.error(`specwire: ${message}${where === undefined ? "" : `\n${where}`}`);
}

/** Ends the process by an uncaught exception, after the code that runs now. */
export function endProcess(fault: WireError): void {
  queueMicrotask(() => {
    throw fault;
  });
}

function checkPolicy(policy: FaultPolicy, canRestart: boolean): void {
  const refuse = (path: string, expected: string, actual?: string): never => {
    throw argumentError("host", path === "" ? "faultPolicy" : `faultPolicy.${path}`, expected, actual);
  };
  if (policy === "stay-down" || policy === "end-process") return;
  if (typeof policy !== "object" || policy === null) {
    return refuse("", "stay-down, end-process or restarts", String(policy));
  }
  const { restartsMax, withinMs, afterwards = "stay-down" } = policy;
  if (!Number.isSafeInteger(restartsMax) || restartsMax < 1) {
    refuse("restartsMax", "an integer, 1 or more", String(restartsMax));
  }
  if (!(Number.isFinite(withinMs) && withinMs > 0)) refuse("withinMs", "a finite number above 0", String(withinMs));
  if (afterwards !== "stay-down" && afterwards !== "end-process") {
    refuse("afterwards", "stay-down or end-process", String(afterwards));
  }
  if (!canRestart) refuse("", "a function that builds the machine, for restarts", "a machine");
}
