/** The command `explain`: what an error code means, and what helps. */
import { Argument, type Command } from "commander";
import { ERROR_TEXTS, type WireErrorCode } from "../errors.js";
import { ERROR_HELP } from "./error-help.js";

const CODES = Object.keys(ERROR_TEXTS) as WireErrorCode[];

/** Adds the command. */
export function addExplain(program: Command): void {
  program
    .command("explain")
    .description("tell what an error code means and what helps; without a code, list all of them")
    .addArgument(new Argument("[code]", "the code of a WireError, for example crc").choices(CODES))
    .option("--json", "as JSON")
    .action((code: WireErrorCode | undefined, { json }: { readonly json?: boolean }) => {
      const codes = code === undefined ? CODES : [code];
      const rows = codes.map((each) => ({ code: each, text: ERROR_TEXTS[each], ...ERROR_HELP[each] }));
      if (json === true) console.log(JSON.stringify(code === undefined ? rows : rows[0], null, 2));
      else if (code === undefined) for (const row of rows) console.log(`${row.code.padEnd(15)} ${row.text}`);
      else for (const { text, cause, cure } of rows) console.log(`${code}: ${text}\n\n${cause}\n${cure}`);
    });
}
