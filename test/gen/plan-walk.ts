/** What walks over plans share. */
import type { BitField, IntField } from "../../src/gen/ir.js";
import { camel } from "../../src/gen/names.js";
import type { Breach, Slot } from "../../src/gen/plan/plan.js";

/** A slot as the key of a map. */
export function key({ of, as }: Slot): string {
  return `${of} ${as}`;
}

/** Whether a number breaks a rule. */
export function breaks(breach: Breach, number: number | bigint): boolean {
  if (breach.is === "broken") return typeof number === "number" && !Number.isInteger(number);
  if (breach.is !== "outside")
    return breach.values.some((value) => BigInt(value) === BigInt(number)) === (breach.is === "listed");
  return (breach.min !== null && number < breach.min) || (breach.max !== null && number > breach.max);
}

/** The number that a field holds. */
export function numberAt(bytes: Uint8Array, at: number, field: IntField | BitField): bigint {
  let whole = 0n;
  for (let i = 0; i < field.size; i++)
    whole = (whole << 8n) | BigInt(bytes[at + (field.endian === "be" ? i : field.size - 1 - i)]!);
  if (field.kind === "bits") return (whole >> BigInt(field.shift)) & ((1n << BigInt(field.width)) - 1n);
  return field.signed ? BigInt.asIntN(8 * field.size, whole) : whole;
}

/** Notes the value of a slot in an object of values. */
export function keep(value: Record<string, unknown>, { of }: Slot, one: unknown): void {
  const path = of.split(".").map(camel);
  const last = path.pop()!;
  let holder = value;
  for (const name of path) holder = (holder[name] ??= {}) as Record<string, unknown>;
  holder[last] = one;
}

/** Plans are made once of each object: values are read and written again and again. */
export class Plans {
  readonly #made = new WeakMap<object, Map<string, unknown>>();

  /** @param what tells plans of one object apart */
  of<Plan>(object: object, what: string, make: () => Plan): Plan {
    const made = this.#made.get(object) ?? new Map<string, unknown>();
    this.#made.set(object, made);
    if (!made.has(what)) made.set(what, make());
    return made.get(what) as Plan;
  }
}
