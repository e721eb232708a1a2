/** The codecs of the built-in formats, by name. */
import { argumentError, type Result } from "../errors.js";
import { findFormat, listFormats } from "../gen/catalogue/index.js";
import type { Module, Type } from "../gen/ir.js";
import { camel, pascal } from "../gen/names.js";
import { CODECS } from "./registry.js";

/** A built-in format and its codec, in the form that represents every integer exactly. */
export interface Codec {
  readonly module: Module;
  readonly type: Type;
  /** Whether its 64-bit integers are bigints. */
  readonly big: boolean;
  tryDecode(bytes: Uint8Array, params: Readonly<Record<string, number>>): Result<unknown>;
  encode(value: unknown): Uint8Array;
}

/** The codec of a format. @throws WireError `argument` for an unknown name */
export function codecOf(format: string): Codec {
  const found = findFormat(format);
  if (found === undefined) {
    const near = listFormats()
      .map(({ type }) => type.format)
      .filter((name) => name.includes(format) || format.includes(name));
    const hint = near.length > 0 ? `one of ${near.join(", ")}` : "a name that `specwire formats` lists";
    throw argumentError("format", "", hint, format);
  }
  const { module, type } = found;
  const functions = CODECS[module.package]!;
  const name = pascal(type.name);
  const big = `decode${name}Big` in functions;
  const suffix = big ? "Big" : "";
  const tryDecode = functions[`tryDecode${name}${suffix}`] as (...args: unknown[]) => Result<unknown>;
  const encode = functions[`encode${name}${suffix}`] as (value: unknown) => Uint8Array;
  return {
    module,
    type,
    big,
    tryDecode: (bytes, params) => tryDecode(bytes, ...type.params.map((param) => paramOf(type, param.name, params))),
    encode,
  };
}

function paramOf(type: Type, name: string, params: Readonly<Record<string, number>>): number {
  const value = params[name] ?? params[camel(name)];
  if (value !== undefined) return value;
  throw argumentError(type.format, camel(name), `--param ${name}=NUMBER`, "nothing");
}
