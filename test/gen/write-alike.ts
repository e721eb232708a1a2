/** Compares what emitted code writes with what the plan of its type says. */
import { toHex } from "../../src/bytes/index.js";
import { isWireError } from "../../src/errors.js";
import type { Module, Type } from "../../src/gen/ir.js";
import { writeByPlan } from "./write-by-plan.js";

/**
 * The bytes that emitted code makes of a value.
 * @param tell takes what the plan says otherwise
 * @throws what the code throws
 */
export function writtenAlike(
  module: Module,
  type: Type,
  value: unknown,
  params: Readonly<Record<string, number | boolean>>,
  isBig: boolean,
  write: () => Uint8Array,
  tell: (what: string) => void,
): Uint8Array {
  const { written: planned, isStrange } = writeByPlan(module, type, value, params, isBig);
  const plan =
    planned instanceof Uint8Array ? toHex(planned) : `${planned.code} of ${planned.path} at ${planned.offset}`;
  let written: Uint8Array;
  try {
    written = write();
  } catch (error) {
    if (!isWireError(error)) throw error;
    const code = `${error.code} of ${error.path} at ${error.offset}`;
    if (!isStrange && plan !== code) tell(`the plan says '${plan}', the code '${code}'`);
    throw error;
  }
  if (!isStrange && plan !== toHex(written)) tell(`the plan writes '${plan}', the code '${toHex(written)}'`);
  return written;
}
