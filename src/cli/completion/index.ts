/** The command `completion`: scripts by which shells complete commands, options and their choices. */
import { Argument, type Command } from "commander";
import { bashScript } from "./bash.js";
import { fishScript } from "./fish.js";
import { placesOf } from "./tree.js";
import { zshScript } from "./zsh.js";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };
type Shell = keyof typeof SCRIPTS;

/** Adds the command. */
export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("print what lets a shell complete commands, options and their choices")
    .addArgument(new Argument("<shell>", "whose script").choices(Object.keys(SCRIPTS)))
    .action((shell: Shell) => {
      process.stdout.write(SCRIPTS[shell](program.name(), placesOf(program)));
    });
}
