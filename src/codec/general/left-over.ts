/** What values were read without: bytes behind them that a reader passed over, and that writing would lose. */
import { sameBytes } from "./region.js";

const values = new WeakSet<object>();
/** Of a value, the bytes of those fields that had more of them, by the place and the item of each. */
const fields = new WeakMap<object, Map<string, Uint8Array>>();

/** Notes that bytes behind a value were passed over. */
export function noteLeftOver(value: unknown): void {
  if (typeof value === "object" && value !== null) values.add(value);
}

export function hasLeftOver(value: unknown): boolean {
  return typeof value === "object" && value !== null && values.has(value);
}

/** Notes that a field of a value has a size that its bytes do not fill as a writer fills it. */
export function noteField(value: object, place: number, index: number, bytes: Uint8Array): void {
  const all = fields.get(value) ?? new Map<string, Uint8Array>();
  fields.set(value, all.set(`${place} ${index}`, bytes));
}

/** Whether a field is written as it was read without what lay behind it. One that was changed has nothing behind it. */
export function isFieldCut(value: object, place: number, index: number, bytes: Uint8Array): boolean {
  const read = fields.get(value)?.get(`${place} ${index}`);
  return read !== undefined && sameBytes(read, bytes);
}
