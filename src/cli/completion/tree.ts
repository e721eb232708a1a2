/** Commands as shells complete them: what may follow each, read from the program itself. */
import type { Command } from "commander";

/** A word and what it means. */
export interface Word {
  readonly word: string;
  readonly meaning: string;
}

/** An option of a command. */
export interface OptionWords extends Word {
  /** The short form, `-I`. */
  readonly short: string | undefined;
  /** Whether a value follows it. */
  readonly takesValue: boolean;
  /** The values that it takes; none where any will do, such as a file. */
  readonly choices: readonly string[];
}

/** A command. */
export interface Place {
  /** Its names from the program on, each behind a slash; empty for the program itself. */
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly OptionWords[];
  /** The values of its arguments, where only some will do. */
  readonly values: readonly string[];
}

/** The command and all below it. */
export function placesOf(command: Command, path = ""): Place[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command).filter((each) => each.name() !== "help");
  const options = help.visibleOptions(command).map((option) => ({
    word: option.long ?? option.short ?? "",
    short: option.long === undefined ? undefined : option.short,
    meaning: firstClause(option.description),
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  }));
  const own = {
    path,
    commands: commands.map((each) => ({ word: each.name(), meaning: firstClause(each.description()) })),
    options,
    values: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
  return [own, ...commands.flatMap((each) => placesOf(each, `${path}/${each.name()}`))];
}

/** What a list has room for: the first clause, with what a name in front of a colon is about. */
function firstClause(text: string): string {
  return text.split(/[;,.(]/, 1)[0]!.trim();
}

/** A text between single quotes, as all three shells read it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "’")}'`;
}
