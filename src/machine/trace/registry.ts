import { argumentError } from "../../errors.js";
import { replay, traceHosts, type Rebuild, type Replay } from "./replay.js";
import { traceError, type Trace } from "./trace.js";
import type { Env, Machine } from "../types.js";

/** Builds a machine from the options in a trace, whose form nobody has checked. Throws where it cannot. */
export type MachineFactory = (options: unknown, env: Env) => Machine;

/** Machines by the names that traces give them. Protocols offer theirs; spread them into one object. */
export type MachineRegistry = Readonly<Record<string, MachineFactory>>;

/** One machine of a trace, replayed. */
export interface MachineReplay extends Replay {
  /** Its name in the trace; undefined in a trace of one machine. */
  readonly host: string | undefined;
  /** Its name in the registry. */
  readonly machine: string;
}

/**
 * Builds every machine of a trace again and steps it through what happened to it; only `host`, when it is given.
 * @throws WireError `argument` where the trace has no such host, or names a machine that the registry lacks or cannot
 * build: with the line
 */
export function replayTrace(trace: Trace, registry: MachineRegistry, host?: string): readonly MachineReplay[] {
  const isOfOne = trace.entries.some((entry) => entry.host === undefined && !("note" in entry));
  const hosts = [...(isOfOne ? [undefined] : []), ...traceHosts(trace)];
  if (host !== undefined && !hosts.includes(host)) {
    const expected = hosts.filter((name) => name !== undefined).join(", ") || "no name: this trace is of one machine";
    throw argumentError("trace", "host", expected, host);
  }
  return (host === undefined ? hosts : [host]).map((name) => replayHost(trace, registry, name));
}

function replayHost(trace: Trace, registry: MachineRegistry, host: string | undefined): MachineReplay {
  let machine = "";
  const rebuild: Rebuild = (env, start, line) => {
    machine = start.machine;
    if (!Object.hasOwn(registry, machine)) {
      throw traceError(line, `a machine of ${Object.keys(registry).join(", ")}`, JSON.stringify(machine));
    }
    try {
      return registry[machine]!(start.options, env);
    } catch (cause) {
      throw traceError(line, `options of ${machine}`, cause instanceof Error ? cause.message : String(cause), {
        cause,
      });
    }
  };
  const played = replay(rebuild, trace, host);
  return { host, machine, ...played };
}
