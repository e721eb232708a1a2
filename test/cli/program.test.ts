/** The program as a whole: examples in every help, what is said of wrong usage, and the explanation of errors. */
import type { Command } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ERROR_HELP } from "../../src/cli/error-help.js";
import { newProgram } from "../../src/cli/program.js";
import { ERROR_TEXTS } from "../../src/errors.js";

afterEach(() => void vi.restoreAllMocks());

/** The commands below one, and itself. */
function all(command: Command): Command[] {
  return [command, ...command.commands.flatMap(all)];
}

function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text;
}

/** The command lines that a help shows as examples. */
function examplesIn(help: string): string[] {
  const [, below = ""] = /^Examples?\b.*:\n((?: {2}\S.*\n?)+)/m.exec(help) ?? [];
  return below
    .trimEnd()
    .split("\n")
    .filter(Boolean)
    .map((line) => line.trim());
}

/** The words of a command line, without what a shell does with them. */
function wordsOf(line: string): string[] {
  const words = line
    .replace(/ {2,}#.*$/, "")
    .replace(/ >>? \S+$/, "")
    .match(/'[^']*'|\S+/g)!;
  return words.map((word) => word.replace(/^'|'$/g, ""));
}

describe("the help of every command", () => {
  it("has examples that the program accepts", async () => {
    const commands = all(await newProgram());
    expect(commands.length).toBeGreaterThan(50);
    const examples = commands.map((command) => examplesIn(helpOf(command)));
    expect(commands.filter((_, i) => examples[i]!.length === 0).map((command) => command.name())).toEqual([]);
    for (const line of examples.flat()) {
      const [name, ...words] = wordsOf(line);
      let run = 0;
      const program = await newProgram();
      for (const command of all(program)) {
        command
          .action(() => void run++)
          .exitOverride((error) => {
            throw error;
          });
      }
      await program.parseAsync(words, { from: "user" });
      expect([line, name, run]).toEqual([line, "specwire", 1]);
    }
  });
});

describe("explain", () => {
  it("has a cause and a cure for every code", () => {
    expect(Object.keys(ERROR_HELP).sort()).toEqual(Object.keys(ERROR_TEXTS).sort());
    const vague = Object.entries(ERROR_HELP).filter(([, { cause, cure }]) => !/\w{3,}.*[.:]/.test(cause) || !cure);
    expect(vague).toEqual([]);
  });

  it("prints them, of one code and of all", async () => {
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
    await (await newProgram()).parseAsync(["explain", "crc"], { from: "user" });
    await (await newProgram()).parseAsync(["explain"], { from: "user" });
    expect(lines[0]).toBe(`crc: ${ERROR_TEXTS.crc}\n\n${ERROR_HELP.crc.cause}\n${ERROR_HELP.crc.cure}`);
    expect(lines.slice(1)).toHaveLength(Object.keys(ERROR_TEXTS).length);
  });
});
