import type { Command } from "commander";
import { fromHex } from "../bytes/index.js";
import { replayTrace, type MachineReplay, type ReplayDifference } from "../machine/index.js";
import { differences } from "../conformance/verdict.js";
import { MACHINES } from "./registry.js";
import { readTraceFile } from "./trace-file.js";

/** Of JSON that is only shown so that its place is recognised. */
const CHARACTERS_SHOWN = 160;

interface Options {
  readonly machine?: string;
  readonly json?: boolean;
}

export function addReplay(program: Command): void {
  program
    .command("replay")
    .description("step the machines of a trace through it again, and compare what they do")
    .argument("<file>", "a trace, as the option --trace writes it")
    .option("--machine <name>", "only the machine of this name in the trace, for example server 3")
    .option("--json", "every machine with its first difference")
    .action((file: string, options: Options) => {
      process.exitCode = replay(file, options);
    });
}

function replay(file: string, { machine, json }: Options): number {
  const trace = readTraceFile(file);
  const replays = replayTrace(trace, MACHINES, machine);
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

/** What differs first: bytes as hex with their offset, anything else as JSON with its path. */
function foundAt({ expected, actual }: ReplayDifference): readonly string[] {
  if (expected === undefined || actual === undefined) return [sentence("", expected, actual)];
  return differing("", JSON.parse(expected), JSON.parse(actual));
}

/** Walks both as far as they are alike. Of objects of another type the whole is shown. */
function differing(path: string, expected: unknown, actual: unknown): readonly string[] {
  const [expectedBytes, actualBytes] = [bytesOf(expected), bytesOf(actual)];
  if (expectedBytes && actualBytes) return differences(path, expectedBytes, actualBytes);
  if (!isNode(expected) || !isNode(actual) || expected["type"] !== actual["type"]) {
    return expected === actual ? [] : [sentence(path, JSON.stringify(expected), JSON.stringify(actual))];
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const place = Array.isArray(expected) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    const found = differing(place, expected[key], actual[key]);
    if (found.length > 0) return found;
  }
  return [];
}

/** An object or a list. */
function isNode(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null;
}

function bytesOf(json: unknown): Uint8Array | undefined {
  const hex = isNode(json) ? json["$hex"] : undefined;
  return typeof hex === "string" ? fromHex(hex) : undefined;
}

function sentence(path: string, expected = "nothing", actual = "nothing"): string {
  return `${path === "" ? "" : `${path}: `}expected ${cut(expected)}, got ${cut(actual)}`;
}

function cut(json: string): string {
  return json.length > CHARACTERS_SHOWN ? `${json.slice(0, CHARACTERS_SHOWN)}…` : json;
}
