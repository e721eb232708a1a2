/** Completion as the shells do it: each that is there is run, and asked what it offers behind a line. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bashScript } from "../../src/cli/completion/bash.js";
import { fishScript } from "../../src/cli/completion/fish.js";
import { placesOf } from "../../src/cli/completion/tree.js";
import { zshScript } from "../../src/cli/completion/zsh.js";
import { newProgram } from "../../src/cli/program.js";

const program = await newProgram();
const places = placesOf(program);
const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };
type Shell = keyof typeof SCRIPTS;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "specwire-completion-"));
  for (const [shell, make] of Object.entries(SCRIPTS)) writeFileSync(join(folder, shell), make("specwire", places));
  writeFileSync(join(folder, "of-zsh.zsh"), OF_ZSH);
  writeFileSync(join(folder, "driver.zsh"), DRIVER);
  writeFileSync(join(folder, "my.ksy"), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A zsh that notes what a completion adds, and adds nothing to the line. */
const OF_ZSH = `
PS1=
source $FOLDER/zsh
compadd() {
  # These forms ask for matches, and add none.
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
  local -a hits; builtin compadd -A hits "$@"; print -rl -- $hits >> $OUT
  builtin compadd "$@"
}
note() { _main_complete; compstate[insert]=; compstate[list]=; print -r -- '===' >> $OUT }
zle -C note complete-word note
bindkey '^I' note
bindkey '^U' kill-whole-line
print READY
`;

/** Types lines into that zsh, which completes on a terminal alone. */
const DRIVER = `
zmodload zsh/zpty
: > $OUT
zpty shell zsh -f -i
zpty -w shell 'source $FOLDER/of-zsh.zsh'
zpty -r -m shell said '*READY*'
integer n=0
for line; do
  zpty -n -w shell $'\\C-u'"$line"$'\\t'
  n+=1
  repeat 3000; do (( $(grep -c '^===$' $OUT) >= n )) && break; sleep 0.02; zpty -r -t shell said; done
done
zpty -d shell
`;

function run(command: string, args: readonly string[], input?: string): string {
  const env = { ...process.env, HOME: folder, FOLDER: folder, OUT: join(folder, "out") };
  const options = { encoding: "utf8", env, cwd: folder, timeout: 120_000 } as const;
  const { stdout, stderr, status } = spawnSync(command, args, input === undefined ? options : { ...options, input });
  expect([stderr, status]).toEqual(["", 0]);
  return stdout;
}

const linesOf = (text: string): string[] => text.split("\n").filter(Boolean);

/** What a shell offers behind each of some lines, in ascending order. */
const OFFERED: Readonly<Record<Shell, (lines: readonly string[]) => string[][]>> = {
  bash: (lines) =>
    lines.map((line) => {
      const words = line.split(" ");
      const typed = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}`;
      const script = `source '${join(folder, "bash")}'\n${typed}; _specwire; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return linesOf(run("bash", ["--norc", "-c", script]));
    }),
  zsh: (lines) => {
    run("zsh", ["-f", join(folder, "driver.zsh"), ...lines]);
    return readFileSync(join(folder, "out"), "utf8").split("===\n").slice(0, -1).map(linesOf);
  },
  fish: (lines) => {
    const asked = lines.map((line) => `complete -C '${line}'; echo ===`);
    const said = run("fish", ["--no-config", "-c", ["source $FOLDER/fish", ...asked].join("\n")]);
    return said
      .split("===\n")
      .slice(0, -1)
      .map((part) => linesOf(part).map((line) => line.split("\t")[0]!));
  },
};

/** The groups below a command, and those in them, with what is typed for each. */
function groupsOf({ commands }: typeof program, path: string): [path: string, group: typeof program][] {
  const groups = commands.filter((each) => each.commands.length > 0);
  return groups.flatMap((group) => {
    const own = `${path} ${group.name()}`;
    return [[own, group], ...groupsOf(group, own)];
  });
}

const subcommands = (command: typeof program) =>
  command.commands.map((each) => each.name()).filter((n) => n !== "help");

/** Lines that were typed, and all that may follow. */
const LINES: readonly [line: string, offered: readonly string[]][] = [
  ["specwire ", subcommands(program)],
  ["specwire dec", ["decode"]],
  ...groupsOf(program, "specwire").map(([path, group]) => [`${path} `, subcommands(group)] as [string, string[]]),
  ["specwire gen --target ", ["ts", "js", "mjs", "md", "json"]],
  ["specwire gen my.ksy --target m", ["mjs", "md"]],
  ["specwire gen my.ksy --tar", ["--target"]],
  ["specwire completion ", ["bash", "zsh", "fish"]],
  ["specwire explain uns", ["unsafe-integer"]],
];

/** What each shell has to know besides, for this test. */
const NEEDS: Readonly<Record<Shell, readonly string[]>> = {
  bash: ["-c", "complete"],
  zsh: ["-f", "-c", "zmodload zsh/zpty"],
  fish: ["--no-config", "-c", "complete -C 'specwire '"],
};

const isThere = (shell: Shell): boolean => spawnSync(shell, NEEDS[shell]).status === 0;

describe("completion", () => {
  describe.each(["bash", "zsh", "fish"] as const)("in %s", (shell) => {
    it.skipIf(!isThere(shell))("offers commands, options and choices, and leaves files to the shell", () => {
      const offered = OFFERED[shell]([...LINES.map(([line]) => line), "specwire decode --spec my"]);
      const files = offered.pop()!;
      const asTyped = LINES.map(([line], i) => [line, offered[i]!.toSorted()]);
      // Options stand beside commands in bash.
      const withoutOptions = asTyped.map(([line, words]) => [
        line,
        (line as string).endsWith(" ") ? (words as string[]).filter((word) => !word.startsWith("-")) : words,
      ]);
      expect(withoutOptions).toEqual(LINES.map(([line, words]) => [line, words.toSorted()]));
      // Those of the folder are added by bash itself, behind the function.
      expect(files).toEqual(shell === "bash" ? [] : ["my.ksy"]);
    });
  });

  it.each(Object.entries(SCRIPTS))("has a script for %s that names every command and option", (_, make) => {
    const script = make("specwire", places);
    for (const { commands, options } of places) {
      for (const { word } of [...commands, ...options]) expect(script).toContain(word.replace(/^--/, ""));
    }
  });

  it.skipIf(!isThere("zsh"))("is found by zsh in a folder of fpath as well", () => {
    const functions = mkdtempSync(join(folder, "fpath-"));
    writeFileSync(join(functions, "_specwire"), zshScript("specwire", places));
    const script = `fpath=(${functions} $fpath); autoload -Uz compinit; compinit -u -D; print $_comps[specwire]`;
    expect(run("zsh", ["-f", "-c", script])).toBe("_specwire\n");
  });
});
