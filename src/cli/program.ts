/** The program with its commands, or with those that its arguments ask for, before it is run. */
import { Command } from "commander";
import type { CommandLoader } from "./command-loader.js";
import { addExamples, EXAMPLES } from "./examples.js";
import { EXIT_HELP, EXIT_UNUSABLE } from "./exit-codes.js";
import type { Protocol } from "./protocol.js";
import * as protocols from "./protocols.js";
import { VERSION } from "./version.js";

const PROTOCOLS: readonly Protocol[] = Object.values(protocols);

/** Commands of no protocol, in the order of the help: in front of those of the protocols, and behind them. */
const FIRST: readonly CommandLoader[] = [
  { names: ["formats"], load: async () => (await import("./formats.js")).addFormats },
  { names: ["decode"], load: async () => (await import("./decode.js")).addDecode },
  { names: ["encode"], load: async () => (await import("./encode.js")).addEncode },
  { names: ["inspect"], load: async () => (await import("./inspect.js")).addInspect },
  { names: ["svg"], load: async () => (await import("./svg.js")).addSvg },
  { names: ["gen"], load: async () => (await import("./gen.js")).addGen },
  { names: ["conformance"], load: async () => (await import("./conformance.js")).addConformance },
  { names: ["kernel"], load: async () => (await import("./kernel.js")).addKernel },
];
const LAST: readonly CommandLoader[] = [
  { names: ["replay"], load: async () => (await import("./replay.js")).addReplay },
  { names: ["explain"], load: async () => (await import("./explain.js")).addExplain },
];
/** It asks for all others. */
const COMPLETION: CommandLoader = {
  names: ["completion"],
  load: async () => (await import("./completion/index.js")).addCompletion,
};

/** A loader with the group that its commands stand in; undefined for the program itself. */
type Placed = Omit<CommandLoader, "group"> & { readonly group: string | undefined };

const LOADERS: readonly Placed[] = [
  ...FIRST.map((one) => ({ ...one, group: undefined })),
  ...PROTOCOLS.flatMap(loadersOf),
  ...[...LAST, COMPLETION].map((one) => ({ ...one, group: undefined })),
];

/**
 * A program of its own. Wrong usage ends the process with the exit code for that.
 * @param args of which as many commands are loaded as they can mean; default all
 */
export async function newProgram(args?: readonly string[]): Promise<Command> {
  const program = new Command("specwire")
    .description("Byte-exact binary protocols: decode, encode, generate, prove, run.")
    .version(VERSION)
    // The help of a command fills a screen, and what was wrong would stand above it.
    .showHelpAfterError("(--help shows arguments, options and examples)")
    .addHelpText("afterAll", EXIT_HELP)
    // Before the commands are added: they inherit it.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT_UNUSABLE));
  const wanted = args === undefined ? LOADERS : loadersFor(args);
  await addCommands(program, wanted);
  const isWhole = wanted === LOADERS;
  for (const examples of [EXAMPLES, ...PROTOCOLS.map((protocol) => protocol.examples ?? {})]) {
    addExamples(program, examples, isWhole);
  }
  return program;
}

/** The loaders of all commands that arguments can mean: of one, of a group, or of the whole program. */
function loadersFor([first, second]: readonly string[]): readonly Placed[] {
  if (first === "--version" || first === "-V") return [];
  if (first === undefined || COMPLETION.names.includes(first)) return LOADERS;
  const group = LOADERS.filter((one) => one.group === first);
  const named = second === undefined ? [] : group.filter(({ names }) => names.includes(second));
  if (named.length > 0) return named;
  if (group.length > 0) return group;
  const own = LOADERS.filter(({ group: place, names }) => place === undefined && names.includes(first));
  return own.length > 0 ? own : LOADERS;
}

/** The loaders of a protocol. */
export function loadersOf({ name, commands = [] }: Protocol): readonly Placed[] {
  return commands.map((one) => ({ group: name, ...one }));
}

/** Loads commands, and adds them in their order, with the groups that they stand in. */
export async function addCommands(program: Command, loaders: readonly Placed[]): Promise<void> {
  const added = await Promise.all(loaders.map(async ({ group, load }) => ({ group, add: await load() })));
  const groups = new Map<string | undefined, Command>([[undefined, program]]);
  for (const { group, add } of added) {
    if (group !== undefined && !groups.has(group)) groups.set(group, addGroup(program, group));
    add(groups.get(group)!);
  }
}

function addGroup(program: Command, name: string): Command {
  const { description = "" } = PROTOCOLS.find((protocol) => protocol.name === name) ?? {};
  return program.command(name).description(description);
}
