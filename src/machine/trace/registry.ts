/** Machines by name, and the replay of all machines of a trace. */
import { argumentError } from "../../errors.js";
import { replay, traceHosts, type Rebuild, type Replay } from "./replay.js";
import { traceError, type Trace } from "./trace.js";
import type { Env, Machine } from "../types.js";

/** Builds a machine from the options in a trace, which are unchecked. Throws on bad options. */
export type MachineFactory = (options: unknown, env: Env) => Machine;

/** Machine factories by their names in traces. Each protocol exports its own; spread them into one object. */
export type MachineRegistry = Readonly<Record<string, MachineFactory>>;

/** The replay of one host's machine. */
export interface MachineReplay extends Replay {
  /** Name of the host in the trace; undefined in a trace of one machine. */
  readonly host: string | undefined;
  /** Name of the machine in the registry. */
  readonly machine: string;
}

/**
 * Builds the machine of every host of a trace again and steps it through the recorded events; with `host`, of that one.
 * @throws WireError `argument` if the trace has no such host, or names a machine that the registry lacks or cannot
 * build, with the line
 */
export function replayTrace(trace: Trace, registry: MachineRegistry, host?: string): readonly MachineReplay[] {
  const isOfOne = trace.entries.some((entry) => entry.host === undefined && !("note" in entry));
  const hosts = [...(isOfOne ? [undefined] : []), ...traceHosts(trace)];
  if (host !== undefined && !hosts.includes(host)) {
    const expected = hosts.filter((name) => name !== undefined).join(", ") || "no name, for a trace of one machine";
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
