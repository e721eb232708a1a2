/** Codecs by name: those of the built-in formats, and what makes one of a layout and its emitted functions. */
import { argumentError, type Result } from "../errors.js";
import type { FindEnum } from "../gen/annotate.js";
import { enumsOf, findFormat, listFormats } from "../gen/catalogue/index.js";
import { isStreamed, type Module, type Param, type Type } from "../gen/ir.js";
import { camel, pascal } from "../gen/names.js";
import { CODECS } from "./registry.js";

/** Values of the parameters of a format, by name. */
export type Params = Readonly<Record<string, number | boolean>>;

/** A format and its codec, in the form that represents every integer exactly. */
export interface Codec {
  readonly module: Module;
  readonly type: Type;
  /** Whether its 64-bit integers are bigints. */
  readonly big: boolean;
  readonly enums: FindEnum;
  /** Whether its encoder takes the parameters; that of a flat layout tells them from the value. */
  readonly asksToWrite: boolean;
  /** The parameters by their names in the spec. @throws WireError `argument` for one that is missing or wrong */
  paramsOf(given: Readonly<Record<string, number>>): Params;
  tryDecode(bytes: Uint8Array, params: Params): Result<unknown>;
  encode(value: unknown, params?: Params): Uint8Array;
}

/** The codec of a built-in format. @throws WireError `argument` for an unknown name */
export function codecOf(format: string): Codec {
  const { module, type } = formatOf(format);
  return codecFrom(module, type, CODECS[module.package]!, enumsOf(module.package));
}

/** The layout of a built-in format. @throws WireError `argument` for an unknown name */
export function formatOf(format: string): { readonly module: Module; readonly type: Type } {
  const found = findFormat(format);
  if (found !== undefined) return found;
  const near = listFormats()
    .map(({ type }) => type.format)
    .filter((name) => name.includes(format) || format.includes(name));
  const hint = near.length > 0 ? `one of ${near.join(", ")}` : "a name that `specwire formats` lists";
  throw argumentError("format", "", hint, format);
}

/** The codec of a type. @param functions what was emitted for its module, by name */
export function codecFrom(
  module: Module,
  type: Type,
  functions: Readonly<Record<string, unknown>>,
  enums: FindEnum,
): Codec {
  const name = pascal(type.name);
  const big = `decode${name}Big` in functions;
  const suffix = big ? "Big" : "";
  const tryDecode = functions[`tryDecode${name}${suffix}`] as (...args: unknown[]) => Result<unknown>;
  const encode = functions[`encode${name}${suffix}`] as (...args: unknown[]) => Uint8Array;
  const listOf = (params: Params): (number | boolean)[] => type.params.map((param) => params[param.name]!);
  const asksToWrite = isStreamed(type);
  return {
    module,
    type,
    big,
    enums,
    asksToWrite,
    paramsOf: (given) => paramsOf(type, given),
    tryDecode: (bytes, params) => tryDecode(bytes, ...listOf(params)),
    encode: (value, params = {}) => encode(value, ...(asksToWrite ? listOf(params) : [])),
  };
}

function paramsOf(type: Type, given: Readonly<Record<string, number>>): Params {
  const names = type.params.flatMap(({ name }) => [name, camel(name)]);
  const stranger = Object.keys(given).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    const known = type.params.map(({ name }) => name).join(", ");
    throw argumentError(type.format, "param", known === "" ? "no parameters" : `one of ${known}`, stranger);
  }
  return Object.fromEntries(type.params.map((param) => [param.name, paramOf(type, param, given)]));
}

function paramOf(type: Type, { name, type: kind }: Param, given: Readonly<Record<string, number>>): number | boolean {
  const value = given[name] ?? given[camel(name)];
  if (value === undefined) throw argumentError(type.format, camel(name), `--param ${name}=NUMBER`, "nothing");
  if (kind === "integer") return value;
  if (value > 1) throw argumentError(type.format, camel(name), "0 or 1", String(value));
  return value === 1;
}
