/** The check of options that count something. */
import { argumentError } from "../../errors.js";

/** @throws WireError `argument` for anything but a whole number of 1 or more */
export function requireWhole(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw argumentError("dps", name, "a whole number of 1 or more", String(value));
}
