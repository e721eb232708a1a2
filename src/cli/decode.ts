/** The command `decode`: the fields of bytes. */
import type { Command } from "commander";
import { toHex } from "../bytes/index.js";
import { describeIssue, ERROR_TEXTS } from "../errors.js";
import type { Annotation } from "../gen/annotate.js";
import { toJson } from "../gen/json.js";
import type { Codec } from "./codecs.js";
import { annotatedHex } from "./hex.js";
import { readBytes, readParams } from "./input.js";
import { addParam } from "./options.js";
import { addSpecOptions, codecAndInput, type SpecOptions } from "./own-spec.js";

interface Options extends SpecOptions {
  readonly json?: boolean;
  readonly showSecrets?: boolean;
  readonly param: readonly string[];
}

/** Of 21 s for 1.2 million lines, 7 s were writes of each. One text of all may be longer than texts can be. */
const LINES_AT_ONCE = 1_000;

/** Adds the command. */
export function addDecode(program: Command): void {
  const command = program
    .command("decode")
    .description("show the fields of bytes")
    .argument("[format]", "a name that `specwire formats` lists; absent with --spec")
    .argument("[bytes]", "hex, a file, or - for standard input")
    .usage("[options] <format> <bytes>\n       specwire decode [options] --spec <file> <bytes>");
  addParam(addSpecOptions(command))
    .option("--show-secrets", "show secret fields, which are dots otherwise")
    .option("--json", "the decoded value, secrets included, and the tree of its fields")
    .action(async (first: string | undefined, second: string | undefined, options: Options) => {
      const { codec, input } = await codecAndInput(command, [first, second], options);
      process.exitCode = decode(codec, readBytes(input), options);
    });
}

function decode(codec: Codec, bytes: Uint8Array, options: Options): number {
  const { format } = codec;
  const params = codec.paramsOf(readParams(options.param));
  const result = codec.tryDecode(bytes, params);
  const fields = codec.annotate(bytes, params);
  if (options.json === true) {
    const tree = fields.map((field) => treeOf(field, bytes));
    const outcome = result.ok ? { ok: true, value: toJson(result.value) } : { ok: false, error: result.error };
    console.log(JSON.stringify({ format, size: bytes.length, ...outcome, fields: tree }, null, 2));
    return result.ok ? 0 : 1;
  }
  console.log(`${format}, ${bytes.length} bytes`);
  const lines = annotatedHex(fields, bytes, { showSecrets: options.showSecrets === true });
  for (let i = 0; i < lines.length; i += LINES_AT_ONCE) console.log(lines.slice(i, i + LINES_AT_ONCE).join("\n"));
  if (result.ok) return 0;
  console.error(describeIssue(result.error, ERROR_TEXTS));
  return 1;
}

function treeOf(field: Annotation, bytes: Uint8Array): object {
  const { path, offset, size, value, meaning, children } = field;
  const secret = value === "<secret>";
  return {
    path,
    offset,
    size,
    ...(secret ? {} : { hex: toHex(bytes.subarray(offset, offset + size)) }),
    ...(value === null ? {} : { value: typeof value === "bigint" ? value.toString() : value }),
    ...(meaning === "" ? {} : { meaning }),
    ...(children.length === 0 ? {} : { fields: children.map((child) => treeOf(child, bytes)) }),
  };
}
