/** The text form of key bundles: base64 between lines that say what it is. */
import type { NewBytes } from "../../../bytes/new-bytes.js";
import { argumentError } from "../../../errors.js";
import { fromBase64, toBase64 } from "./base64.js";

/** Which half of a pair a text has. */
export type Half = "PUBLIC" | "SECRET";

const LINE_CHARACTERS = 64;

const lineOf = (edge: "BEGIN" | "END", half: Half): string => `-----${edge} SPECWIRE QKD ${half} KEY-----`;

/** A bundle as text. */
export function armoured(half: Half, bundle: Uint8Array): string {
  const lines = toBase64(bundle).match(new RegExp(`.{1,${LINE_CHARACTERS}}`, "g")) ?? [];
  return [lineOf("BEGIN", half), ...lines, lineOf("END", half), ""].join("\n");
}

/** The bundle of a text. Nothing may stand round it but white space. @throws WireError `argument` */
export function unarmoured(half: Half, text: string): NewBytes {
  const lines = text.trim().split(/\s*\n/);
  const isFramed = lines.length > 2 && lines[0] === lineOf("BEGIN", half) && lines.at(-1) === lineOf("END", half);
  const bundle = isFramed ? fromBase64(lines.slice(1, -1).join("")) : undefined;
  if (bundle !== undefined) return bundle;
  throw argumentError("qkd.keys", "", `base64 between "${lineOf("BEGIN", half)}" and its end`);
}
