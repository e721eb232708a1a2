/** Annotated hex: bytes beside the names of their fields. */
import { toHex } from "../bytes/index.js";
import type { Annotation } from "../gen/annotate.js";

/** The most bytes of a field on its line; the rest is counted. */
const BYTES_SHOWN = 16;

/** How bytes are shown. */
export interface HexOptions {
  /** Added to every offset. */
  readonly base?: number;
  /** Whether to show secret fields, which are dots otherwise. */
  readonly showSecrets?: boolean;
}

/** A line for each field: offset, bytes, name and meaning. */
export function annotatedHex(fields: readonly Annotation[], bytes: Uint8Array, options: HexOptions = {}): string[] {
  const { base = 0, showSecrets = false } = options;
  const rows: [offset: string, hex: string, field: string, meaning: string][] = [];
  const walk = (list: readonly Annotation[]): void => {
    for (const field of list) {
      if (field.children.length > 0) {
        walk(field.children);
        continue;
      }
      if (field.value === null && field.size === 0) continue;
      const secret = field.value === "<secret>" && !showSecrets;
      const part = bytes.subarray(field.offset, field.offset + Math.min(field.size, BYTES_SHOWN));
      const hex = secret ? "··".repeat(part.length) : toHex(part);
      const more = field.size > BYTES_SHOWN ? ` +${field.size - BYTES_SHOWN}` : "";
      rows.push([
        String(field.offset + base),
        hex.replace(/(.{8})(?=.)/g, "$1 ") + more,
        `${field.path}${shown(field)}`,
        field.meaning,
      ]);
    }
  };
  walk(fields);
  const width = (column: 0 | 1 | 2): number => rows.reduce((most, row) => Math.max(most, row[column].length), 0);
  const [offset, hex, name] = [width(0), width(1), width(2)];
  return rows.map(([o, h, f, m]) => `${o.padStart(offset)}  ${h.padEnd(hex)}  ${f.padEnd(name)}  ${m}`.trimEnd());
}

function shown({ value, size }: Annotation): string {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return ` = ${value}`;
  if (typeof value === "string" && value.startsWith('"')) return ` = ${value}`;
  return typeof value === "string" && /^[01]+$/.test(value) && value.length > 2 * size ? ` = ${value}` : "";
}
