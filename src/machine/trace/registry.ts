import { argumentError } from "../../errors.js";
import { replay, traceNodes, type Rebuild, type Replay } from "./replay.js";
import { traceError, type Trace } from "./trace.js";
import type { Env, Machine } from "../types.js";

/** Builds a machine from the options in a trace, whose form nobody has checked. Throws where it cannot. */
export type MachineFactory = (options: unknown, env: Env) => Machine;

/** Machines by the names that traces give them. Protocols offer theirs; spread them into one object. */
export type MachineRegistry = Readonly<Record<string, MachineFactory>>;

/** One machine of a trace, replayed. */
export interface MachineReplay extends Replay {
  /** Its name in the trace; undefined in a trace of one machine. */
  readonly node: string | undefined;
  /** Its name in the registry. */
  readonly machine: string;
}

/**
 * Builds every machine of a trace again and steps it through what happened to it; only `node`, when it is given.
 * @throws WireError `argument` where the trace has no such node, or names a machine that the registry lacks or cannot
 * build: with the line
 */
export function replayTrace(trace: Trace, registry: MachineRegistry, node?: string): readonly MachineReplay[] {
  const isOfOne = trace.entries.some((entry) => entry.node === undefined && !("note" in entry));
  const nodes = [...(isOfOne ? [undefined] : []), ...traceNodes(trace)];
  if (node !== undefined && !nodes.includes(node)) {
    const expected = nodes.filter((name) => name !== undefined).join(", ") || "no name: this trace is of one machine";
    throw argumentError("trace", "node", expected, node);
  }
  return (node === undefined ? nodes : [node]).map((name) => replayNode(trace, registry, name));
}

function replayNode(trace: Trace, registry: MachineRegistry, node: string | undefined): MachineReplay {
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
  const played = replay(rebuild, trace, node);
  return { node, machine, ...played };
}
