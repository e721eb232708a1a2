/** The recorded bytes of every protocol, found by pattern: `test/protocols/<name>/recorded.ts`. */
import { existsSync, readdirSync } from "node:fs";
import { root } from "../../house/tree.js";
import type { Piece, ProtocolRecordings } from "./piece.js";

export type { Piece } from "./piece.js";

const folder = new URL("test/protocols/", root);

async function load(protocol: string): Promise<readonly ProtocolRecordings[]> {
  const file = new URL(`${protocol}/recorded.ts`, folder);
  if (!existsSync(file)) return [];
  const { recordings } = (await import(file.href)) as { recordings: ProtocolRecordings };
  return [recordings];
}

const ALL = (await Promise.all(readdirSync(folder).sort().map(load))).flat();

/** Every recorded piece that a format describes; encrypted pieces are decrypted. */
export const RECORDED: readonly Piece[] = ALL.flatMap(({ vectors }) => vectors.flatMap(({ pieces }) => pieces));

/** The names of recorded values that no format describes; a name occurs once for each value. */
export const UNDESCRIBED: readonly string[] = ALL.flatMap(({ vectors }) =>
  vectors.flatMap(({ undescribed }) => undescribed),
);

/** The counts that the protocols expect of their recordings. A format or a name belongs to one protocol. */
export const EXPECTED = {
  pieces: merge(({ expected }) => expected.pieces),
  undescribed: merge(({ expected }) => expected.undescribed),
  claims: merge(({ expected }) => expected.claims),
  accepted: merge(({ expected }) => expected.accepted ?? {}),
} as const;

function merge<T>(select: (one: ProtocolRecordings) => Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  const entries = ALL.flatMap((one) => Object.entries(select(one)));
  const merged = Object.fromEntries(entries);
  if (Object.keys(merged).length !== entries.length) throw new Error("two protocols count the same format");
  return merged;
}

/** How often each name occurs. */
export function countsOf(names: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
