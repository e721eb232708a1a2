/** Other readers of our formats: the official compiler, binary-parser and restructure. */
import { asBinaryParser, asRestructure } from "../../src/gen/node/index.js";
import type { Module, Type } from "../../src/gen/ir.js";
import { pascal } from "../../src/gen/names.js";
import { loadKaitai, streamOf, type KaitaiClass } from "../support/generate.js";

type Params = Readonly<Record<string, number>>;

/** Another reader of our formats, which knows nothing of our codecs. */
export interface Judge {
  readonly name: "kaitai" | "binary-parser" | "restructure";
  /** What it sees in the bytes, undefined when it refuses. */
  read(bytes: Uint8Array, params: Params): unknown;
}

const classes = new Map<string, Record<string, KaitaiClass>>();

/** The three judges of one format. */
export async function judgesOf(module: Module, type: Type): Promise<readonly Judge[]> {
  const { file } = module;
  if (!classes.has(file)) classes.set(file, await loadKaitai(`spec/${file}`));
  const Class = classes.get(file)![pascal(module.id)]![pascal(type.name)]!;
  const parserOf = byParams((params) => asBinaryParser(module, type.name, params));
  const structOf = byParams((params) => asRestructure(module, type.name, params));
  const judges: readonly Judge[] = [
    {
      name: "kaitai",
      read: (bytes, params) =>
        new Class(streamOf(bytes), null, null, ...type.params.map(({ name }) => params[name] ?? 0)),
    },
    { name: "binary-parser", read: (bytes, params) => parserOf(params).parse(bytes) },
    { name: "restructure", read: (bytes, params) => structOf(params).fromBuffer(bytes) },
  ];
  return judges.map(({ name, read }) => ({ name, read: (bytes, params) => attempt(() => read(bytes, params)) }));
}

/** Makes a reader once for each set of parameters. */
function byParams<T>(make: (params: Params) => T): (params: Params) => T {
  const made = new Map<string, T>();
  return (params) => {
    const key = JSON.stringify(params);
    if (!made.has(key)) made.set(key, make(params));
    return made.get(key)!;
  };
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/**
 * Whether a judge has read what we have.
 * @param rounded is called for each integer above 2^53-1 that Kaitai rounds, its one excuse
 */
export function isSame(ours: unknown, theirs: unknown, judge: Judge["name"], rounded: () => void): boolean {
  if (typeof ours === "bigint") {
    if (judge !== "kaitai") return ours === theirs;
    if (!Number.isSafeInteger(Number(ours))) rounded();
    return Number(ours) === theirs || asKaitaiReads(ours) === theirs;
  }
  if (ours instanceof Uint8Array) return theirs instanceof Uint8Array && Buffer.compare(ours, theirs) === 0;
  if (Array.isArray(ours)) {
    if (!Array.isArray(theirs) || ours.length !== theirs.length) return false;
    return ours.every((one, i) => isSame(one, theirs[i], judge, rounded));
  }
  if (typeof ours === "object" && ours !== null) {
    return Object.entries(ours).every(([key, value]) =>
      isSame(value, lookUp(theirs as Record<string, unknown> | undefined, key, judge, value), judge, rounded),
    );
  }
  return ours === theirs || Object.is(ours, theirs);
}

/** What the official JavaScript makes of a negative integer: it takes the complement of the low half as signed. */
function asKaitaiReads(value: bigint): number {
  const [high, low] = [Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asUintN(32, value))];
  return value >= 0n ? Number(value) : -(2 ** 32 * ~high + ~low) - 1;
}

/** Kaitai keeps the part of a union that the tag decides in an object of its own, and has no `kind`. */
function lookUp(
  theirs: Record<string, unknown> | undefined,
  key: string,
  judge: Judge["name"],
  ours: unknown,
): unknown {
  if (theirs === undefined) return undefined;
  if (judge !== "kaitai" || key in theirs) return theirs[key];
  if (key === "kind") return ours;
  return (theirs["tail"] as Record<string, unknown> | undefined)?.[key];
}
