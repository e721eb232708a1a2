/** The program as a whole: examples in every help, completion, and the explanation of errors. */
import { spawnSync } from "node:child_process";
import type { Command } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { bashScript } from "../../src/cli/completion/bash.js";
import { fishScript } from "../../src/cli/completion/fish.js";
import { placesOf } from "../../src/cli/completion/tree.js";
import { zshScript } from "../../src/cli/completion/zsh.js";
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
    const commands = all(newProgram());
    expect(commands.length).toBeGreaterThan(50);
    const examples = commands.map((command) => examplesIn(helpOf(command)));
    expect(commands.filter((_, i) => examples[i]!.length === 0).map((command) => command.name())).toEqual([]);
    for (const line of examples.flat()) {
      const [name, ...words] = wordsOf(line);
      let run = 0;
      const program = newProgram();
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

describe("completion", () => {
  const places = placesOf(newProgram());

  /** What bash offers behind a line that was typed. */
  function offered(line: string): string[] {
    const words = line.split(" ");
    const script = `${bashScript("specwire", places)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
_specwire; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr, status } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
    expect([stderr, status]).toEqual(["", 0]);
    return stdout.split("\n").filter(Boolean);
  }
  const hasBash = spawnSync("bash", ["-c", "complete"]).status === 0;

  it.skipIf(!hasBash)("offers commands, options and choices in bash", () => {
    const program = newProgram();
    expect(offered("specwire ")).toEqual(expect.arrayContaining(program.commands.map((each) => each.name())));
    expect(offered("specwire dec")).toEqual(["decode"]);
    for (const group of program.commands.filter(({ commands }) => commands.length > 0)) {
      const names = group.commands.map((each) => each.name()).filter((name) => name !== "help");
      expect(offered(`specwire ${group.name()} `)).toEqual(expect.arrayContaining(names));
    }
    expect(offered("specwire gen --target ")).toEqual(["ts", "js", "mjs", "md", "json"]);
    expect(offered("specwire gen my.ksy --tar")).toEqual(["--target"]);
    expect(offered("specwire explain uns")).toEqual(["unsafe-integer"]);
    // Files are left to bash.
    expect(offered("specwire decode --spec ")).toEqual([]);
  });

  it.each([
    ["zsh", zshScript],
    ["fish", fishScript],
  ] as const)(
    "has a script for %s that names every command and option, and that it reads where it is there",
    (shell, make) => {
      const script = make("specwire", places);
      for (const { commands, options } of places) {
        for (const { word } of [...commands, ...options]) expect(script).toContain(word.replace(/^--/, ""));
      }
      // What no shell is there to tell: each line closes the quotes that it opens.
      const odd = script.split("\n").filter((line) => (line.match(/'/g)?.length ?? 0) % 2 === 1);
      expect(odd).toEqual([]);
      const check = spawnSync(shell, ["-n", "/dev/stdin"], { input: script, encoding: "utf8" });
      if (check.error === undefined) expect(check.stderr).toBe("");
    },
  );
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
    await newProgram().parseAsync(["explain", "crc"], { from: "user" });
    await newProgram().parseAsync(["explain"], { from: "user" });
    expect(lines[0]).toBe(`crc: ${ERROR_TEXTS.crc}\n\n${ERROR_HELP.crc.cause}\n${ERROR_HELP.crc.cure}`);
    expect(lines.slice(1)).toHaveLength(Object.keys(ERROR_TEXTS).length);
  });
});
