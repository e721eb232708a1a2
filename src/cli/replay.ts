/** The command `replay`: runs the machines of a trace again. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import { fromHex } from "../bytes/index.js";
import { argumentError } from "../errors.js";
import {
  replayTrace,
  traceHosts,
  type MachineRegistry,
  type MachineReplay,
  type ReplayDifference,
  type Trace,
} from "../machine/index.js";
import { sequenceChart } from "./chart.js";
import { differences } from "../conformance/verdict.js";
import { integer } from "./options.js";
import { MACHINES } from "./registry.js";
import { readTraceFile } from "./trace-file.js";

/** Most characters of JSON that are shown. */
const CHARACTERS_SHOWN = 160;

interface Options {
  readonly machine?: string;
  readonly registry?: string;
  readonly chart?: boolean;
  readonly chartMax: number;
  readonly json?: boolean;
}

/** Adds the command. */
export function addReplay(program: Command): void {
  program
    .command("replay")
    .description("replay the machines of a trace, and compare their effects")
    .argument("<file>", "a trace that --trace has written")
    .option("--machine <name>", "replay only the machine of this name, for example server 3")
    .option(
      "--registry <module>",
      "a JavaScript module that exports machines of your own by their names in traces; it is run",
    )
    .option("--chart", "do not replay: print a sequence chart in Mermaid, of bytes their number alone")
    .option("--chart-max <n>", "arrows of the chart", integer(1, 100_000), 200)
    .option("--json", "report every machine with its first difference, as JSON")
    .action(async (file: string, options: Options) => {
      const trace = readTraceFile(file);
      process.exitCode = options.chart === true ? chart(trace, options) : await replay(file, trace, options);
    });
}

/** @throws WireError `argument` for a host that the trace lacks */
function chart(trace: Trace, { machine: host, chartMax: arrowsMax }: Options): number {
  const hosts = traceHosts(trace);
  if (host !== undefined && !hosts.includes(host)) throw argumentError("trace", "host", hosts.join(", "), host);
  process.stdout.write(sequenceChart(trace, { host, arrowsMax }));
  return 0;
}

/** The machines that the program knows, and those of a module, which come first. @throws WireError `argument` */
async function machinesOf(registry: string | undefined): Promise<MachineRegistry> {
  if (registry === undefined) return MACHINES;
  const fail = (actual: string, options?: ErrorOptions) =>
    argumentError("replay", "registry", "a module that exports functions (options, env) => machine", actual, options);
  let module: Record<string, unknown>;
  try {
    const { pathname } = pathToFileURL(resolve(registry));
    module = (await import(`file://${pathname}`)) as Record<string, unknown>;
  } catch (cause) {
    throw fail(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  // Either names of their own, or one object: `export default { echo: … }`.
  const { default: all, ...named } = module;
  const own = { ...(typeof all === "object" && all !== null ? all : {}), ...named };
  const isFactory = ([, value]: readonly [string, unknown]): boolean => typeof value === "function";
  const factories = Object.fromEntries(Object.entries(own).filter(isFactory)) as MachineRegistry;
  if (Object.keys(factories).length === 0) throw fail(`${registry} without one`);
  return { ...MACHINES, ...factories };
}

async function replay(file: string, trace: Trace, { machine, registry, json }: Options): Promise<number> {
  const replays = replayTrace(trace, await machinesOf(registry), machine);
  const failed = replays.filter(({ difference }) => difference !== undefined).length;
  const passed = replays.length - failed;
  if (json === true) {
    console.log(JSON.stringify({ file, machines: replays.map(toJson), passed, failed }, null, 2));
  } else {
    for (const one of replays) print(one, file);
    console.log(`${passed} passed, ${failed} failed`);
  }
  return failed === 0 ? 0 : 1;
}

function toJson({ host, difference, ...rest }: MachineReplay): object {
  if (difference === undefined) return { host, ...rest };
  return { host, ...rest, difference: { ...difference, found: foundAt(difference) } };
}

function print({ host, machine, events, effects, difference }: MachineReplay, file: string): void {
  const counts = `${events} events, ${effects} effects`;
  console.log(`${difference === undefined ? "equal  " : "differs"}  ${host ?? machine}: ${counts}`);
  if (difference === undefined) return;
  const { line, step, nowMs, event } = difference;
  for (const found of foundAt(difference)) console.log(`  ${file}:${line}: ${found}`);
  console.log(`  in step ${step} at ${nowMs} ms: ${cut(event)}`);
}

/** The first difference: bytes as hex with their offset, other values as JSON with their path. */
function foundAt({ expected, actual }: ReplayDifference): readonly string[] {
  if (expected === undefined || actual === undefined) return [sentence("", expected, actual)];
  return firstDifference("", JSON.parse(expected), JSON.parse(actual));
}

/** The first difference of two values. Objects whose `type` differs are shown whole. */
function firstDifference(path: string, expected: unknown, actual: unknown): readonly string[] {
  const [expectedBytes, actualBytes] = [bytesOf(expected), bytesOf(actual)];
  if (expectedBytes && actualBytes) return differences(path, expectedBytes, actualBytes);
  if (!isParent(expected) || !isParent(actual) || expected["type"] !== actual["type"]) {
    return expected === actual ? [] : [sentence(path, JSON.stringify(expected), JSON.stringify(actual))];
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const place = Array.isArray(expected) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    const found = firstDifference(place, expected[key], actual[key]);
    if (found.length > 0) return found;
  }
  return [];
}

/** Whether a value is an object or a list. */
function isParent(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null;
}

function bytesOf(json: unknown): Uint8Array | undefined {
  const hex = isParent(json) ? json["$hex"] : undefined;
  return typeof hex === "string" ? fromHex(hex) : undefined;
}

function sentence(path: string, expected = "nothing", actual = "nothing"): string {
  return `${path === "" ? "" : `${path}: `}expected ${cut(expected)}, got ${cut(actual)}`;
}

function cut(json: string): string {
  return json.length > CHARACTERS_SHOWN ? `${json.slice(0, CHARACTERS_SHOWN)}…` : json;
}
