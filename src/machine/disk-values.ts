/** Values of disks: the part that a load returns, and what is wrong with a load or a store. */
import type { WireIssue } from "../errors.js";
import type { DiskPut, DiskRead, DiskValue, DiskWrite } from "./types.js";

/** The part of a value that a load asks for, as a view. @param value undefined for an unknown key */
export function partOf(value: Uint8Array | undefined, { at = 0, length = Infinity }: DiskRead): DiskValue {
  if (value === undefined) return { bytes: undefined, size: 0 };
  return { bytes: value.subarray(at, Math.min(value.length, at + length)), size: value.length };
}

/** Why no disk can carry out a load; undefined if one can. Machines and callers without types may ask for anything. */
export function flawOfRead({ at = 0, length = 0 }: DiskRead): WireIssue | undefined {
  if (!isPlace(at)) return diskArgument("at", "a place in the value", String(at));
  return isPlace(length) || length === Infinity ? undefined : diskArgument("length", "a length", String(length));
}

/** Why no disk can carry out a store; undefined if one can. */
export function flawOfWrites(writes: readonly DiskWrite[]): WireIssue | undefined {
  for (const write of writes) {
    if (!isPut(write) || (isPlace(write.at) && isPlace(write.at + write.bytes.length))) continue;
    return diskArgument("at", "a place in the value", `${write.bytes.length} bytes at ${write.at}`);
  }
  return undefined;
}

/** Whether a write puts bytes into a value; otherwise it removes the value. */
export function isPut(write: DiskWrite): write is DiskPut {
  return !("remove" in write);
}

/** The issue of a load or a store that a disk cannot carry out, whatever its state. */
export function diskArgument(path: string, expected: string, actual: string): WireIssue {
  return { code: "argument", format: "disk", path, expected, actual };
}

function isPlace(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
