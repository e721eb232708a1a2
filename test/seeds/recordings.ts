import { readFileSync } from "node:fs";
import { filesOf, root } from "../house/tree.js";

export const seeds = new URL("seeds/", root);

export const SYSTEMS = ["raida", "bittrrt", "qkd", "dps"] as const;
export type System = (typeof SYSTEMS)[number];

/** The paths of all files of seeds/, from there. */
export const seedFiles = filesOf(seeds).map(({ pathname }) => pathname.slice(seeds.pathname.length));

export function readSeed(path: string): string {
  return readFileSync(new URL(path, seeds), "utf8");
}

/** What MANIFEST says of one file. */
export interface Entry {
  readonly path: string;
  readonly sha256: string;
  readonly origin: string;
  readonly bytes: number;
  readonly vectors: number;
}

/** The entries of MANIFEST: comment lines `# key value`, then the line of the hash as `sha256sum` writes it. */
export function readManifest(): Entry[] {
  const entry = /^# origin +(.+\n(?:# {3,}.+\n)*)# bytes +(\d+)\n# vectors +(\d+)\b.*\n([0-9a-f]{64}) {2}(.+)$/gm;
  return [...readSeed("MANIFEST").matchAll(entry)].map(([, origin, bytes, vectors, sha256, path]) => ({
    path: path!,
    sha256: sha256!,
    origin: origin!.replaceAll(/\n#? */g, " ").trim(),
    bytes: Number(bytes),
    vectors: Number(vectors),
  }));
}

export interface Vector {
  readonly [field: string]: unknown;
}

interface Recording {
  readonly vectors?: readonly Vector[];
  readonly envelopes?: readonly Vector[];
  readonly categories?: Readonly<Record<string, { readonly vectors: readonly Vector[] }>>;
}

/** One recorded vector or envelope with the family it counts for. */
export interface Recorded {
  readonly family: string;
  readonly vector: Vector;
}

/** Everything that one file holds, in its order. */
export function readRecording(path: string): Recorded[] {
  const { vectors = [], envelopes = [], categories = {} } = JSON.parse(readSeed(path)) as Recording;
  return [
    ...vectors.map((vector) => ({ family: familyOf(path, vector), vector })),
    ...envelopes.map((vector) => ({ family: `L${String(vector["level"])}`, vector })),
    ...Object.entries(categories).flatMap(([family, category]) =>
      category.vectors.map((vector) => ({ family, vector })),
    ),
  ];
}

/** Everything that was recorded of one system. */
export function recordedOf(system: System): Recorded[] {
  return seedFiles
    .filter((path) => path.startsWith(`${system}/`) && path.endsWith(".json"))
    .flatMap((path) => readRecording(path));
}

function familyOf(path: string, { family, kind, request }: Vector): string {
  if (path.startsWith("raida/")) return String(family);
  if (path.startsWith("bittrrt/")) return String(kind);
  return `${endpointOf(request as { path: string })} ${String(kind)}`;
}

function endpointOf({ path }: { path: string }): string {
  return /^\/api\/v1\/keys\/[^/]*\/(status|enc_keys|dec_keys)\/?(?:\?|$)/.exec(path)?.[1] ?? path;
}

/** How often each value occurs, by value. */
export function countsOf(values: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
