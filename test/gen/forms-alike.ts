/** Compares what the other forms of a codec read with the value that it decodes: readers in place, and columns. */
import { pascal } from "../../src/gen/names.js";

type Value = Readonly<Record<string, unknown>>;
type Member = (...indices: number[]) => unknown;

/**
 * Where a reader that has wrapped the bytes of a value tells a field of it otherwise, or not at all.
 * @param isShared it has only what all kinds of a choice have
 */
export function readerFault(reader: object, value: Value, isShared: boolean): string | undefined {
  for (const [key, own] of Object.entries(value)) {
    if (Array.isArray(own)) {
      const count = `countOf${pascal(key)}`;
      const told = (reader as Value)[count];
      if (count in reader && told !== own.length) return `${count} is ${String(told)}, not ${own.length}`;
    }
    const fault = memberFault(reader, key, own, isShared, []);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** @param indices of the items that a member is of: the field of an item is a method */
function memberFault(
  reader: object,
  name: string,
  own: unknown,
  isShared: boolean,
  indices: readonly number[],
): string | undefined {
  if (Array.isArray(own)) {
    for (const [i, item] of own.entries()) {
      const fault = memberFault(reader, name, item, isShared, [...indices, i]);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  if (typeof own === "object" && own !== null && !(own instanceof Uint8Array)) {
    for (const [key, inner] of Object.entries(own)) {
      const fault = memberFault(reader, name + key[0]!.toUpperCase() + key.slice(1), inner, isShared, indices);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  if (!(name in reader)) return isShared ? undefined : `it has no ${name}`;
  const told = indices.length === 0 ? (reader as Value)[name] : (reader as Record<string, Member>)[name]!(...indices);
  return isSame(told, own) ? undefined : `${name}(${indices.join(", ")}) is ${String(told)}, not ${String(own)}`;
}

/** Where columns hold another row than the value that is decoded from its bytes. */
export function rowFault(columns: Value, row: number, value: Value): string | undefined {
  for (const [key, own] of Object.entries(value)) {
    const column = columns[key] as ArrayLike<unknown> | BytesColumn | undefined;
    const told = column === undefined ? undefined : "bytes" in column ? bytesIn(column, row) : column[row];
    if (!isSame(told, own)) return `${key} of row ${row} is ${String(told)}, not ${String(own)}`;
  }
  return undefined;
}

interface BytesColumn {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly stride: number;
  readonly size: number;
}

function bytesIn({ bytes, at, stride, size }: BytesColumn, row: number): Uint8Array {
  return bytes.subarray(at + row * stride, at + row * stride + size);
}

function isSame(told: unknown, own: unknown): boolean {
  if (own instanceof Uint8Array) return told instanceof Uint8Array && Buffer.compare(told, own) === 0;
  return Object.is(told, own);
}

/** True when a value has a float that is none: which one it was is not part of the value. */
export function hasNaN(value: unknown): boolean {
  if (typeof value === "number") return Number.isNaN(value);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return false;
  return Object.values(value).some(hasNaN);
}
