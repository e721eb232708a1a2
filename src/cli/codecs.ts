/** Codecs by name: those of the built-in formats, and what makes one of a layout and its emitted functions. */
import { argumentError, type Result } from "../errors.js";
import { annotate, type Annotation, type FindEnum } from "../gen/annotate.js";
import { findFormat, listFormats, listMessages, MODULES } from "../gen/catalogue/index.js";
import { isStreamed, type GeneralType, type Message, type Module, type Param, type Type } from "../gen/ir.js";
import { fromJson, type Json } from "../gen/json.js";
import { annotateMessage } from "../gen/message-annotate.js";
import { messageFromJson } from "../gen/message-json.js";
import { camel, pascal } from "../gen/names.js";
import { CODECS } from "./registry.js";

/** Values of the parameters of a format, by name. */
export type Params = Readonly<Record<string, number | boolean>>;

/** A format and its codec, in the form that represents every integer exactly. */
export interface Codec {
  readonly format: string;
  /** Whether its 64-bit integers are bigints. */
  readonly big: boolean;
  /** Whether its encoder takes the parameters; that of a flat layout tells them from the value. */
  readonly asksToWrite: boolean;
  /** The parameters by their names in the spec. @throws WireError `argument` for one that is missing or wrong */
  paramsOf(given: Readonly<Record<string, number>>): Params;
  tryDecode(bytes: Uint8Array, params: Params): Result<unknown>;
  encode(value: unknown, params?: Params): Uint8Array;
  /** Where the fields lie in bytes. */
  annotate(bytes: Uint8Array, params: Params): Annotation[];
  /** A value from JSON. @throws WireError `argument` */
  fromJson(json: Json, params: Params): unknown;
}

/** A type of a spec, or a message of a `.proto` file. */
export type LaidOut =
  | { readonly module: Module; readonly type: Type; readonly message?: never; readonly general?: never }
  | { readonly module: Module; readonly message: Message; readonly type?: never; readonly general?: never };

/** One of these, or a type of a spec that needs general types. */
export type Format =
  LaidOut | { readonly module: Module; readonly general: GeneralType; readonly type?: never; readonly message?: never };

/** The codec of a built-in format. @throws WireError `argument` for an unknown name */
export function codecOf(name: string): Codec {
  const format = formatOf(name);
  const { module } = format;
  return codecFrom(format, CODECS[module.package]!, siblingsOf(module));
}

/** The built-in modules that one of them may name things of. */
function siblingsOf({ package: name }: Module): readonly Module[] {
  return MODULES.filter((module) => module.package === name);
}

/** The layout of a built-in format. @throws WireError `argument` for an unknown name */
export function formatOf(name: string): LaidOut {
  const found = findFormat(name) ?? listMessages().find(({ message }) => message.format === name);
  if (found !== undefined) return found;
  const names = [...listFormats().map(({ type }) => type), ...listMessages().map(({ message }) => message)];
  const near = names.map(({ format }) => format).filter((known) => known.includes(name) || name.includes(known));
  const listed = near.length > 0 ? `one of ${near.join(", ")}` : "a name that `specwire formats` lists";
  // A spec that was given as a format, which those do who try the program for the first time.
  const hint = /\.(ksy|proto)$/.test(name) ? `${listed}, or --spec ${name}` : listed;
  throw argumentError("format", "", hint, name);
}

/**
 * The codec of a type or a message.
 * @param functions what was emitted for its module, by name
 * @param modules its own and those that it names enumerations of
 */
export function codecFrom(
  { module, type, message }: LaidOut,
  functions: Readonly<Record<string, unknown>>,
  modules: readonly Module[],
): Codec {
  const name = pascal((type ?? message).name);
  const big = `decode${name}Big` in functions;
  const suffix = big ? "Big" : "";
  const tryDecode = functions[`tryDecode${name}${suffix}`] as (...args: unknown[]) => Result<unknown>;
  const encode = functions[`encode${name}${suffix}`] as (...args: unknown[]) => Uint8Array;
  const enums: FindEnum = (id, each) => modules.find((one) => one.id === id)?.enums.find((one) => one.name === each);
  if (message !== undefined) {
    return {
      format: message.format,
      big,
      asksToWrite: false,
      paramsOf: (given) => paramsOf(message.format, [], given),
      // The bytes are at hand, and so is the memory for what they hold.
      tryDecode: (bytes) => tryDecode(bytes, 0, bytes.length, { itemsMax: bytes.length }),
      encode: (value) => encode(value),
      annotate: (bytes) => annotateMessage(module, message, bytes, enums),
      fromJson: (json) => messageFromJson(module, modules, message, json, big),
    };
  }
  const listOf = (params: Params): (number | boolean)[] => type.params.map((param) => params[param.name]!);
  const asksToWrite = isStreamed(type);
  return {
    format: type.format,
    big,
    asksToWrite,
    paramsOf: (given) => paramsOf(type.format, type.params, given),
    tryDecode: (bytes, params) => tryDecode(bytes, ...listOf(params)),
    encode: (value, params = {}) => encode(value, ...(asksToWrite ? listOf(params) : [])),
    annotate: (bytes, params) => annotate(module, type, bytes, enums, params),
    fromJson: (json, params) => fromJson(module, type, json, big, params),
  };
}

/** Values of parameters by their names. @throws WireError `argument` for one that is missing, wrong or not known */
export function paramsOf(
  format: string,
  params: readonly Pick<Param, "name" | "type">[],
  given: Readonly<Record<string, number>>,
): Params {
  const names = params.flatMap(({ name }) => [name, camel(name)]);
  const stranger = Object.keys(given).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    const known = params.map(({ name }) => name).join(", ");
    throw argumentError(format, "param", known === "" ? "no parameters" : `one of ${known}`, stranger);
  }
  return Object.fromEntries(params.map((param) => [param.name, paramOf(format, param, given)]));
}

function paramOf(
  format: string,
  { name, type: kind }: Pick<Param, "name" | "type">,
  given: Readonly<Record<string, number>>,
): number | boolean {
  const value = given[name] ?? given[camel(name)];
  if (value === undefined) throw argumentError(format, camel(name), `--param ${name}=NUMBER`, "nothing");
  if (kind === "integer") return value;
  if (value > 1) throw argumentError(format, camel(name), "0 or 1", String(value));
  return value === 1;
}
