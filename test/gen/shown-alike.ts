/** Compares what a picture of bytes says of a value with the value that a codec reads from them. */
import { toHex } from "../../src/bytes/index.js";
import type { Annotation } from "../../src/gen/annotate.js";

/**
 * What is wrong with the rows of a picture: bytes without a name or with two, rows out of their order or outside of
 * what holds them, paths that two rows have, and values that are not those of the codec. Undefined where nothing is.
 * @param value what a codec has read; undefined where it has refused the bytes, so that only places are asked
 * @param hasGaps bytes may be passed over, by `-open`
 */
export function pictureFault(
  rows: readonly Annotation[],
  bytes: Uint8Array,
  value: unknown,
  hasGaps: boolean,
): string | undefined {
  return (
    orderFault(rows, 0, bytes.length, value === undefined || hasGaps) ??
    twice(rows, new Set()) ??
    (value === undefined ? undefined : valueFault(value, "", byPath(rows)))
  );
}

/** Rows follow each other without a byte between them, but for fields of bits, which share their bytes. */
function orderFault(rows: readonly Annotation[], start: number, end: number, hasGaps: boolean): string | undefined {
  let at = start;
  let before: Annotation | undefined;
  for (const row of rows) {
    const { path, offset, size, children } = row;
    const isShared = before !== undefined && offset === before.offset && size === before.size && isBits(row, before);
    if (!isShared) {
      if (offset !== at && !(hasGaps && offset > at)) return `${path} begins at ${offset}, not ${at}`;
      at = offset + size;
    }
    if (size < 0 || at > end) return `${path} ends at ${at}, behind ${end}`;
    const inner = children.length === 0 ? undefined : orderFault(children, offset, offset + size, hasGaps);
    if (inner !== undefined) return inner;
    before = row;
  }
  return at === end || hasGaps ? undefined : `bytes ${at} to ${end} have no name`;
}

function isBits(one: Annotation, other: Annotation): boolean {
  return [one, other].every(({ value }) => typeof value === "boolean" || typeof value === "number");
}

function twice(rows: readonly Annotation[], seen: Set<string>): string | undefined {
  for (const { path, children } of rows) {
    if (seen.has(path)) return `two rows are called ${path}`;
    seen.add(path);
    const inner = twice(children, seen);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** All rows by their paths. */
export function byPath(rows: readonly Annotation[], into = new Map<string, Annotation>()): Map<string, Annotation> {
  for (const row of rows) {
    into.set(row.path, row);
    byPath(row.children, into);
  }
  return into;
}

function valueFault(value: unknown, path: string, rows: ReadonlyMap<string, Annotation>): string | undefined {
  const row = rows.get(path);
  if (value === undefined) return row === undefined ? undefined : `${path} is shown, and is not there`;
  if (path !== "" && row === undefined) return `${path} is not shown`;
  if (Array.isArray(value)) {
    if (typeof row!.value === "string") {
      const bits = value.map(Number).join("");
      return row!.value === bits ? undefined : `${path} is shown as ${row!.value}, not ${bits}`;
    }
    if (row!.children.length !== value.length) return `${path} has ${row!.children.length} rows, not ${value.length}`;
    return first(value.map((one, i) => valueFault(one, `${path}[${i}]`, rows)));
  }
  if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
    const members = Object.entries(value).filter(([key]) => key !== "kind" || rows.has(under(path, key)));
    return first(members.map(([key, one]) => valueFault(one, under(path, key), rows)));
  }
  return leafFault(value, row!);
}

/** Where a picture of a message shows another value of a field, or none of what is no default. */
export function messageFault(value: unknown, path: string, rows: ReadonlyMap<string, Annotation>): string | undefined {
  if (value === undefined) return rows.has(path) ? `${path} is shown, and is not there` : undefined;
  if (value instanceof Map)
    return first(
      [...(value as Map<unknown, unknown>)].map(([key, one], i) =>
        messageFault({ key, value: one }, `${path}[${i}]`, rows),
      ),
    );
  if (Array.isArray(value)) return first(value.map((one, i) => messageFault(one, `${path}[${i}]`, rows)));
  if (typeof value === "object" && value !== null && !(value instanceof Uint8Array))
    return first(
      Object.entries(value).map(([key, one]) => {
        // A choice holds the name of its field and the value.
        const chosen = isCase(one) ? one : { case: key, value: one };
        return messageFault(chosen.value, under(path, chosen.case), rows);
      }),
    );
  const row = rows.get(path);
  if (row !== undefined) return leafFault(value, row);
  const isDefault = value instanceof Uint8Array ? value.length === 0 : !value;
  return isDefault ? undefined : `${path} is not shown`;
}

function isCase(value: unknown): value is { readonly case: string; readonly value: unknown } {
  return typeof value === "object" && value !== null && typeof (value as { case?: unknown }).case === "string";
}

function leafFault(value: unknown, { path, value: shown }: Annotation): string | undefined {
  if (shown === "<secret>") return undefined;
  const own = value instanceof Uint8Array ? toHex(value) : typeof value === "string" ? JSON.stringify(value) : value;
  // What a number form holds as a number is a bigint in the other, and both are exact.
  const isSame = typeof own === "bigint" ? BigInt(shown as number) === own : Object.is(shown, own);
  return isSame ? undefined : `${path} is shown as ${String(shown)}, not ${String(own)}`;
}

function under(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function first(faults: readonly (string | undefined)[]): string | undefined {
  return faults.find((fault) => fault !== undefined);
}
