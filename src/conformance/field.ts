/** Typed access to the values of a recording. */
import { fromHex } from "../bytes/index.js";
import { argumentError, type WireError } from "../errors.js";

/** A value of a recording and its path. Readers throw a WireError with the path for a value of another type. */
export class Field {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.value = value;
    this.path = path;
  }

  /** Whether the member exists, perhaps as null. */
  get exists(): boolean {
    return this.value !== undefined;
  }

  /** Whether the member exists and is not null. */
  get isGiven(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** A member, whether it exists or not. */
  get(name: string): Field {
    if (!isRecord(this.value)) throw this.refuse("an object");
    const value = Object.hasOwn(this.value, name) ? this.value[name] : undefined;
    return new Field(value, this.path === "" ? name : `${this.path}.${name}`);
  }

  /** The items of a list. */
  items(): Field[] {
    if (!Array.isArray(this.value)) throw this.refuse("a list");
    return this.value.map((item, i) => new Field(item, `${this.path}[${i}]`));
  }

  /** The members of an object, with their names. */
  members(): [string, Field][] {
    if (!isRecord(this.value)) throw this.refuse("an object");
    return Object.keys(this.value).map((name) => [name, this.get(name)]);
  }

  /** A string. */
  text(): string {
    if (typeof this.value !== "string") throw this.refuse("a string");
    return this.value;
  }

  /** A whole number from `least` to `most`. */
  integer(least: number, most: number): number {
    const { value } = this;
    if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
      throw this.refuse(`a whole number from ${least} to ${most}`);
    }
    return value;
  }

  /** An integer of any size as a decimal string, or a number that JSON represents exactly. */
  bigint(): bigint {
    const { value } = this;
    if (Number.isSafeInteger(value)) return BigInt(value as number);
    if (typeof value !== "string" || !/^-?\d+$/.test(value)) throw this.refuse("an integer as text");
    return BigInt(value);
  }

  /** Bytes as hex, of `length` bytes if given. */
  bytes(length?: number): Uint8Array {
    const { value } = this;
    const isHex = typeof value === "string" && value.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(value);
    if (!isHex || (length !== undefined && value.length !== 2 * length)) {
      throw this.refuse(length === undefined ? "bytes as hex" : `${length} bytes as hex`);
    }
    return fromHex(value);
  }

  /** The error of a wrong value, for the caller to throw. */
  refuse(expected: string): WireError {
    const { value, path } = this;
    const actual = value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
    return argumentError("recording", path, expected, actual);
  }
}

/** Whether a value is an object, neither a list nor null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Whether `json` has a list `name` with an item that has at least two of `members`. Two are enough, so that a vector
 * with missing members fails instead of making the file unknown.
 */
export function hasListOf(json: unknown, name: string, members: readonly string[]): boolean {
  if (!isRecord(json)) return false;
  const list = json[name];
  const isOne = (item: unknown): boolean =>
    isRecord(item) && members.filter((member) => Object.hasOwn(item, member)).length >= 2;
  return Array.isArray(list) && list.some(isOne);
}
