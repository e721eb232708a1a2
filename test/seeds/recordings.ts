/** The files of `seeds/`: what MANIFEST says of them, and the vectors that they hold. */
import { readdirSync, readFileSync } from "node:fs";
import { filesOf, root } from "../house/tree.js";

/** The folder of the seeds. */
export const seeds = new URL("seeds/", root);

/** The protocols that have a folder in `seeds/`. */
export const SYSTEMS: readonly string[] = readdirSync(seeds, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** The paths of all files inside `seeds/`. */
export const seedFiles = filesOf(seeds).map(({ pathname }) => pathname.slice(seeds.pathname.length));

/** The text of a file inside `seeds/`. */
export function readSeed(path: string): string {
  return readFileSync(new URL(path, seeds), "utf8");
}

/** An entry of MANIFEST, which describes one file. */
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

/** A recorded vector, as its file has it. */
export interface Vector {
  readonly [field: string]: unknown;
}

/** A recording in any of the shapes that `seeds/README.md` lists. */
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

/** The vectors and envelopes of one file, in its order. */
export function readRecording(path: string): Recorded[] {
  const { vectors = [], envelopes = [], categories = {} } = JSON.parse(readSeed(path)) as Recording;
  return [
    ...vectors.map((vector) => ({ family: familyOf(vector), vector })),
    ...envelopes.map((vector) => ({ family: `L${String(vector["level"])}`, vector })),
    ...Object.entries(categories).flatMap(([family, category]) =>
      category.vectors.map((vector) => ({ family, vector })),
    ),
  ];
}

/** The vectors and envelopes of one protocol, from all of its files. */
export function recordedOf(system: string): Recorded[] {
  return seedFiles
    .filter((path) => path.startsWith(`${system}/`) && path.endsWith(".json"))
    .flatMap((path) => readRecording(path));
}

/** What a vector is counted by: its family, its kind, or the endpoint and the kind of a request over HTTP. */
function familyOf({ family, kind, request }: Vector): string {
  if (family !== undefined) return String(family);
  return request === undefined ? String(kind) : `${endpointOf(request as { path: string })} ${String(kind)}`;
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
