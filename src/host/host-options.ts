/** What a program may be told of a machine that runs, the same for every server and client. */
import type { WireError } from "../errors.js";
import type { Limits } from "../limits.js";
import type { LogSink, TraceWriter } from "../machine/index.js";
import type { FaultPolicy } from "./fault-policy.js";
import type { RunOptions } from "./types.js";

/** Options of the host that runs a server or a client. */
export interface HostOptions {
  /** Takes log entries. Default: none. */
  readonly log?: LogSink;
  /** Records every event, effect and draw. Confidential: it holds all bytes of the wire. */
  readonly trace?: TraceWriter;
  /**
   * Called when the machine faults; `fault.cause` is the exception. Default: standard error, unless there is a `log`.
   */
  readonly onFault?: (fault: WireError) => void;
  /** What happens then; default `stay-down`: nothing is answered any more. */
  readonly faultPolicy?: FaultPolicy;
}

/** Those that `run` takes, out of all options of a server or a client. A trace knows the machine by `name`. */
export function hostOptions(
  name: string,
  { log, trace, onFault, faultPolicy, limits }: HostOptions & { readonly limits?: Partial<Limits> },
): Pick<RunOptions, keyof HostOptions | "limits"> {
  return {
    ...(log && { log }),
    ...(trace && { trace: trace.forHost(name) }),
    ...(onFault && { onFault }),
    ...(faultPolicy && { faultPolicy }),
    ...(limits && { limits }),
  };
}

/** What is left for the machine. */
export function withoutHostOptions<T extends HostOptions>(options: T): Omit<T, keyof HostOptions> {
  const { log: _log, trace: _trace, onFault: _onFault, faultPolicy: _faultPolicy, ...rest } = options;
  return rest;
}
