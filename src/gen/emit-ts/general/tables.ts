/** Tables of the emitted module of general types: places of attributes, regions, constant bytes. */
import type { Region } from "../../general.js";
import { camel } from "../../names.js";
import type { GeneralBlock } from "../../plan/general.js";
import type { Code } from "../code.js";

/** What stands once in a module, whoever asks for it. */
export class GeneralTables {
  readonly #file: string;
  readonly #places: string[] = [];
  readonly #regions: string[] = [];
  readonly #bytes: string[] = [];
  readonly #blocks: string[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** The number of an attribute in the table of places. */
  place(spot: { readonly name: string; readonly file: string; readonly line: number }, isSecret = false): number {
    const line = spot.file === this.#file ? spot.line : JSON.stringify(`${spot.file}:${spot.line}`);
    return indexIn(this.#places, `[${JSON.stringify(camel(spot.name))}, ${line}${isSecret ? ", 1" : ""}]`);
  }

  region({ terminator, unit, include, consume, eosError, pad, open }: Region): string {
    const rule = { terminator, unit, include, consume, eosError, pad, open };
    const text = `{ ${Object.entries(rule)
      .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
      .join(", ")} }`;
    return `$REGIONS[${indexIn(this.#regions, text)}]!`;
  }

  bytes(bytes: readonly number[]): string {
    return `$BYTES[${indexIn(this.#bytes, `Uint8Array.of(${bytes.join(", ")})`)}]!`;
  }

  /** Fields that are read together, by their places and forms. */
  block({ size, fields }: GeneralBlock): string {
    const rows = fields.map(({ attribute, size: own }) => {
      const { content } = attribute;
      const form =
        content.content === "int"
          ? JSON.stringify(`${content.signed ? "s" : "u"}${own}${content.order === "le" ? "le" : "be"}`)
          : own;
      return `[${this.place(attribute, attribute.secret)}, ${form}]`;
    });
    return `$BLOCKS[${indexIn(this.#blocks, `{ size: ${size}, fields: [${rows.join(", ")}] }`)}]!`;
  }

  emit(code: Code, use: (helper: string) => string): void {
    code.block(
      `const $PLACES: ${use("Places")} =`,
      () => {
        code.line(`file: ${JSON.stringify(this.#file)},`).line("places: [");
        for (const row of this.#places) code.line(`  ${row},`);
        code.line("],");
      },
      ";",
    );
    const list = (name: string, type: string, rows: readonly string[]): void => {
      if (rows.length === 0) return;
      code.line(`const ${name}: readonly ${type}[] = [`);
      for (const row of rows) code.line(`  ${row},`);
      code.line("];");
    };
    list("$REGIONS", use("RegionRule"), this.#regions);
    list("$BYTES", "Uint8Array", this.#bytes);
    if (this.#blocks.length > 0) list("$BLOCKS", use("Block"), this.#blocks);
    code.line();
  }
}

function indexIn(list: string[], text: string): number {
  const at = list.indexOf(text);
  return at < 0 ? list.push(text) - 1 : at;
}
