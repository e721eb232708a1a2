/** The generated functions of every format. */
import type * as fc from "fast-check";
import { isWireError, type Result } from "../../src/errors.js";
import { listFormats } from "../../src/gen/catalogue/index.js";
import type { Type } from "../../src/gen/ir.js";
import { camel, pascal } from "../../src/gen/names.js";
import { ALL_FORMS } from "./all-forms.js";
import { arbitraryOf, type Drawn, hasPieces } from "./arbitrary.js";

export type Reader = Readonly<Record<string, unknown>> & {
  tryWrap(bytes: Uint8Array, ...rest: number[]): Result<Reader>;
};

/** All generated functions of one format, in the form with numbers or with bigints. */
export interface Functions {
  readonly type: Type;
  /** Name of the format, with `, bigint` for the form with bigints. */
  readonly name: string;
  readonly values: fc.Arbitrary<Drawn>;
  /** `rest` is the parameters of the format, then begin and end. */
  tryDecode(bytes: Uint8Array, ...rest: number[]): Result<unknown>;
  decode(bytes: Uint8Array, ...rest: number[]): unknown;
  length(value: unknown): number;
  encode(value: unknown): Uint8Array;
  encodeInto(value: unknown, bytes: Uint8Array, at: number): number;
  encodeIntoView(value: unknown, view: DataView, at: number): number;
  /** Only for formats whose bytes give their length. */
  readonly peek: ((bytes: Uint8Array, ...rest: number[]) => number) | undefined;
  readonly Reader: new () => Reader;
}

/** The functions of every built-in format and of each variant of a choice, in both forms where there are two. */
export const FUNCTIONS: readonly Functions[] = listFormats().flatMap(({ module, type }) => {
  if (hasPieces(type)) return [];
  const emitted = ALL_FORMS[module.package]!;
  const variants = type.body.shape === "union" ? type.body.variants : [];
  return [
    ...functionsOf(emitted, type, (big) => arbitraryOf(type, big)),
    ...variants.flatMap(({ kind, type: variant }) =>
      functionsOf(emitted, variant, (big) => arbitraryOf(type, big).filter(({ value }) => value["kind"] === kind)),
    ),
  ];
});

function functionsOf(
  emitted: Readonly<Record<string, unknown>>,
  type: Type,
  valuesOf: (big: boolean) => fc.Arbitrary<Drawn>,
): Functions[] {
  const title = pascal(type.name);
  return ["", "Big"]
    .filter((suffix) => `decode${title}${suffix}` in emitted)
    .map((suffix) => {
      const get = (name: string): never => emitted[name] as never;
      return {
        type,
        name: suffix === "" ? type.format : `${type.format}, bigint`,
        values: valuesOf(suffix !== ""),
        tryDecode: get(`tryDecode${title}${suffix}`),
        decode: get(`decode${title}${suffix}`),
        length: get(`${camel(type.name)}${suffix}Length`),
        encode: get(`encode${title}${suffix}`),
        encodeInto: get(`encode${title}${suffix}Into`),
        encodeIntoView: get(`encode${title}${suffix}IntoView`),
        peek: get(`peek${title}Length`),
        Reader: get(`${title}${suffix}Reader`),
      };
    });
}

/** The code of the WireError that `action` throws; undefined if it does not throw. @throws any other error */
export function refusalOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (isWireError(error)) return error.code;
    throw error;
  }
}
