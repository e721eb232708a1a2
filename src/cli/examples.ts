/** Examples of commands, which their help shows. */
import type { Command } from "commander";

/** Command lines by the command that they are of, both without the name of the program: `gen` has `gen my.ksy`. */
export type Examples = Readonly<Record<string, readonly string[]>>;

/** Examples of the program itself, and of commands that belong to no protocol. */
export const EXAMPLES: Examples = {
  "": ["decode --spec my.ksy 0001ff", "gen my.ksy --target mjs --out src/generated", "explain crc"],
  formats: ["formats", "formats --json"],
  decode: [
    "decode --spec my.ksy 0001ff",
    "decode --spec my.ksy frame.bin --json",
    "decode rpc_frame_u32 000000040a021001",
  ],
  encode: ["encode --spec my.ksy '{\"station\":7}'", "encode --spec my.ksy value.json"],
  inspect: ["inspect rpc_answer_status", "inspect --spec my.ksy --type header"],
  svg: ["svg rpc_answer_status > status.svg", "svg --spec my.ksy --width 16 > my.svg"],
  gen: [
    "gen my.ksy --target mjs --out src/generated",
    "gen specs/one.ksy specs/two.proto --watch",
    "gen my.ksy --target md",
  ],
  conformance: ["conformance vectors.json", "conformance vectors.json --json"],
  kernel: ["kernel"],
  replay: [
    "replay trace.jsonl",
    "replay trace.jsonl --registry ./machines.js",
    "replay trace.jsonl --machine 'server 3' --chart > chart.mmd",
  ],
  explain: ["explain", "explain unsafe-integer"],
  completion: [
    "completion bash > ~/.specwire.bash",
    "completion zsh > ~/.specwire.zsh",
    "completion fish > ~/.config/fish/completions/specwire.fish",
  ],
};

/**
 * Adds examples to the help of their commands.
 * @param isWhole whether the program has all of them; else those are left out that it has not
 * @throws where a command is missing of the whole program
 */
export function addExamples(program: Command, examples: Examples, isWhole: boolean): void {
  for (const [path, lines] of Object.entries(examples)) {
    const title = lines.length === 1 ? "Example" : "Examples";
    const text = [`\n${title}:`, ...lines.map((line) => `  ${program.name()} ${line}`)].join("\n");
    const command = findCommand(program, path);
    if (command === undefined && isWhole) throw new Error(`no command ${path}`);
    command?.addHelpText("after", text);
  }
}

/** A command by its path, `group command`; undefined where there is none. */
function findCommand(program: Command, path: string): Command | undefined {
  let command: Command | undefined = program;
  for (const name of path.split(" ").filter(Boolean)) command = command?.commands.find((each) => each.name() === name);
  return command;
}
