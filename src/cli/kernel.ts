/** The command `kernel`: the engines of this machine. */
import type { Command } from "commander";
import { kernelReport } from "../kernel/index.js";

/** Adds the command. */
export function addKernel(program: Command): void {
  program
    .command("kernel")
    .description("show the engine of each primitive on this machine")
    .option("--json", "as JSON")
    .action((options: { json?: boolean }) => {
      const rows = kernelReport();
      if (options.json === true) {
        console.log(JSON.stringify(rows, null, 2));
        return;
      }
      const width = Math.max(...rows.map(({ primitive }) => primitive.length));
      for (const { primitive, unit, engines, serves } of rows) {
        const steps = serves.map(({ from, engine }) => (from === 0 ? engine : `${engine} from ${from} ${unit}`));
        console.log(`${primitive.padEnd(width)}  ${steps.join(", ")}  (here: ${engines.join(", ")})`);
      }
    });
}
