/** What the keys of configuration files may hold: each says what it expects, and reads that alone. */
import { parseAddress } from "../address.js";
import { fromHex } from "../bytes/index.js";
import { isWireError } from "../errors.js";

/** A reader of one value, as tables of keys have them; undefined is no such value. */
export interface ValueReader<T> {
  readonly expected: string;
  read(value: unknown): T | undefined;
}

/** A whole number in a range. */
export function integer(least: number, most: number): ValueReader<number> {
  return {
    expected: `a whole number from ${least} to ${most}`,
    read: (value) => (isIntegerIn(value, least, most) ? value : undefined),
  };
}

/** Two whole numbers in a range, the first not above the second. */
export function pair(least: number, most: number): ValueReader<readonly [number, number]> {
  return {
    expected: `two whole numbers from ${least} to ${most}, in their order`,
    read(value) {
      if (!Array.isArray(value) || value.length !== 2) return undefined;
      const [lo, hi] = value as unknown[];
      return isIntegerIn(lo, least, most) && isIntegerIn(hi, lo, most) ? [lo, hi] : undefined;
    },
  };
}

/** A text that is not empty. */
export const text: ValueReader<string> = {
  expected: "a text",
  read: (value) => (typeof value === "string" && value !== "" ? value : undefined),
};

/** True or false. */
export const boolean: ValueReader<boolean> = {
  expected: "true or false",
  read: (value) => (typeof value === "boolean" ? value : undefined),
};

/** One of some texts. */
export function oneOf<Name extends string>(...names: readonly Name[]): ValueReader<Name> {
  return { expected: `one of ${names.join(", ")}`, read: (value) => names.find((name) => name === value) };
}

/** Bytes as hex digits. */
export function hex(bytes: number): ValueReader<Uint8Array> {
  const digits = 2 * bytes;
  return {
    expected: `${digits} hex digits`,
    read: (value) =>
      typeof value === "string" && value.length === digits && /^[0-9a-fA-F]+$/.test(value) ? fromHex(value) : undefined,
  };
}

/** An address with a port that others can connect to. */
export const address: ValueReader<string> = {
  expected: '"host:port", with a port from 1 to 65535',
  read(value) {
    try {
      return typeof value === "string" && parseAddress(value).port > 0 ? value : undefined;
    } catch (error) {
      if (isWireError(error)) return undefined;
      throw error;
    }
  },
};

/** A list whose items are read one by one; without an item that cannot be read. */
export function list<T>(
  what: string,
  least: number,
  most: number,
  read: (value: unknown) => T | undefined,
): ValueReader<readonly T[]> {
  return {
    expected: `a list of ${least} to ${most} ${what}`,
    read(value) {
      if (!Array.isArray(value) || value.length < least || value.length > most) return undefined;
      const items = value.map(read);
      return items.some((item) => item === undefined) ? undefined : (items as T[]);
    },
  };
}

function isIntegerIn(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
}
