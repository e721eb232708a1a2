/** Reads spec files and what they import: YAML with lines, names of types and enumerations, nothing laid out yet. */
import { checkName, Declarations } from "./declarations.js";
import { baseOf, findFiles, foreignNames, headOf, namesApart, placesOf, type FileName } from "./import-names.js";
import { Keys } from "./keys.js";
import { Mistakes, specError, Source } from "./source.js";
import { refusal } from "./refused.js";

/** Reads a file; throws when it does not exist. Injected, so that nothing here touches a disk. */
export type ReadFile = (path: string) => string;

/** A spec file with the files that it imports; keys checked, names not yet resolved. */
export interface SpecFile {
  /** What its module is called: its own `id`, or that with its folders in front where several files have it. */
  readonly id: string;
  /** The `id` that it gives itself, by which specs name it. */
  readonly ownId: string;
  readonly path: string;
  /** As errors name the file: `package/file.ksy`. */
  readonly file: string;
  readonly package: string;
  readonly title: string;
  readonly doc: string;
  /** Null also where a value decides it. */
  readonly endian: "be" | "le" | null;
  readonly endianSource: Source | undefined;
  readonly bitEndian: "be" | "le";
  readonly encoding: string | null;
  /** The files that it imports, each once. */
  readonly imports: ReadonlySet<SpecFile>;
  /**
   * The types by name; the file's own sequence, if any, under the name of the file. A type inside another is called
   * after both: `packet_header`.
   */
  readonly types: ReadonlyMap<string, Source>;
  readonly enums: ReadonlyMap<string, Source>;
  /** Finds types and enumerations by the names that a type may use. */
  readonly declared: Declarations;
  readonly hasRoot: boolean;
  /** Types that the file does not declare are foreign code. */
  readonly hasOpaque: boolean;
}

/**
 * Reads a spec and everything that it imports.
 * @param path the file
 * @param packageName what stands in front of the formats' names; without it, the file's own id
 * @param folders where imports that begin with a slash are looked for, in this order
 * @param names what files of one base name are called; found out where nobody says it
 * @throws WireError `spec` with the file and line of the mistake
 */
export function loadSpec(
  path: string,
  readFile: ReadFile,
  packageName?: string,
  folders: readonly string[] = [],
  names?: ReadonlyMap<string, FileName>,
): SpecFile {
  const reading = { readFile, packageName, folders, cache: new Map(), ids: new Set<string>(), names };
  try {
    return load(path, reading);
  } catch (error) {
    if (names !== undefined) throw error;
    // A mistake may be found in a file before another of its name is: the reader has to know which of them has it.
    const found = namesOf([path], readFile, folders);
    if (found.size === 0) throw error;
    return loadSpec(path, readFile, packageName, folders, found);
  }
}

/** What the files of one base name are called, of all files that some specs import. */
export function namesOf(
  paths: readonly string[],
  readFile: ReadFile,
  folders: readonly string[],
): ReadonlyMap<string, FileName> {
  const read = (path: string): string | undefined => ifThere(() => readFile(path));
  return namesApart(findFiles(paths, read, folders));
}

/** Two files have one name, and nobody has said what they are called. */
class OneName extends Error {}

/** What a function returns, undefined where it looks for a file that does not exist. */
function ifThere<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** What is the same for all files of one spec. */
interface Reading {
  readonly readFile: ReadFile;
  readonly packageName: string | undefined;
  readonly folders: readonly string[];
  readonly cache: Map<string, SpecFile>;
  readonly ids: Set<string>;
  /** What files are called whose base names are not unique; undefined as long as all seem to be. */
  readonly names: ReadonlyMap<string, FileName> | undefined;
}

function load(path: string, reading: Reading): SpecFile {
  const { readFile, packageName, folders, cache, ids } = reading;
  const known = cache.get(path);
  if (known !== undefined) return known;
  const name = reading.names?.get(path);
  const base = name?.file ?? path.slice(path.lastIndexOf("/") + 1);
  const file = packageName === undefined ? base : `${packageName}/${base}`;
  // The name stands in comments of what is generated.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(file))
    throw specError(`${JSON.stringify(file)}:1`, "the name of the file holds characters that cannot be printed");

  const root = Source.parse(file, readFile(path));
  if (!root.isMap) root.fail("a spec is a map with at least 'meta'");
  const keys = new Keys(root);
  const mistakes = new Mistakes();
  const meta = new Keys(keys.need("meta"));
  const ownId = nameOf(meta.need("id"));
  const id = name?.id ?? ownId;
  if (reading.names === undefined && ids.has(id)) throw new OneName();
  ids.add(id);

  const imports = new Set<SpecFile>();
  const imported = meta.take("imports")?.items() ?? [];
  const bases = new Set(imported.map((item) => baseOf(item.text)));
  const declared = new Declarations(mistakes, (each) => bases.has(each));
  const hasRoot =
    (root.get("seq")?.items().length ?? 0) > 0 ||
    root.get("to-string") !== undefined ||
    meta.peek("endian")?.isMap === true ||
    root.get("instances") !== undefined ||
    root.get("params") !== undefined;
  if (hasRoot) declared.addRoot(id, ownId, root);
  mistakes.attempt(() => declared.add(root, null));
  declared.setEnumsApart();
  keys.pass("types", "enums");
  const { types, enums } = declared;
  for (const type of types.values()) {
    for (const attribute of type.get("seq")?.items() ?? []) mistakes.attempt(() => checkAttribute(attribute));
    for (const [called, instance] of type.get("instances")?.entries() ?? [])
      mistakes.attempt(() => checkName(called, instance));
  }

  const endianSource = meta.take("endian");
  const hasOpaque = meta.take("ks-opaque-types")?.boolean ?? false;
  const spec: SpecFile = {
    id,
    ownId,
    path,
    file,
    package: packageName ?? id,
    title: meta.take("title")?.text ?? "",
    doc: keys.take("doc")?.text.trim() ?? "",
    endian: endianSource?.isMap === true ? null : endianOf(endianSource),
    endianSource,
    bitEndian: endianOf(meta.take("bit-endian")) ?? "be",
    encoding: meta.take("encoding")?.text ?? null,
    imports,
    types,
    enums,
    declared,
    hasRoot,
    hasOpaque,
  };
  mistakes.attempt(() => checkVersion(meta.take("ks-version")));
  meta.pass("application", "file-extension", "xref", "tags", "license", "ks-debug", "-spec");
  mistakes.attempt(() => meta.close("'meta'"));
  keys.pass("doc-ref", "-spec");
  // What is left over otherwise is left to the file's own sequence, which is a type like others.
  if (keys.peek("seq") !== undefined && !hasRoot) keys.pass("seq");
  if (!hasRoot) mistakes.attempt(() => keys.close("a spec without a sequence of its own"));
  mistakes.tell();
  // Files may import each other.
  cache.set(path, spec);
  for (const item of imported) imports.add(importFile(item));
  for (const foreign of foreignNames(root)) {
    const place = placesOf(foreign, path, folders)[0]!.path;
    const isThere = !bases.has(foreign) && ifThere(() => headOf(place, readFile(place)).id) === foreign;
    if (isThere) imports.add(load(place, reading));
  }
  return spec;

  function importFile(item: Source): SpecFile {
    const { text } = item;
    if (text.startsWith("/") && folders.length === 0)
      item.fail(`'${text}' begins with a slash, and no folder was given to look for it in; name one with -I`);
    const places = placesOf(text, path, folders).map((place) => place.path);
    for (const place of places) {
      // What the file lacks itself is told by then.
      const target = ifThere(() => load(place, reading));
      if (target === undefined) continue;
      if (target.ownId !== baseOf(text)) item.fail(`'${text}' calls itself '${target.ownId}'; file and id must agree`);
      return target;
    }
    return item.fail(`'${text}' cannot be read: there is no ${places.join(", ")}`);
  }
}

function checkAttribute(attribute: Source): void {
  if (!attribute.isMap) attribute.fail("an attribute is a map");
  const id = attribute.get("id");
  if (id !== undefined) nameOf(id);
}

/** The newest version of the language, as `0.12`, whose specs are known here. */
const NEWEST = [0, 12] as const;

function checkVersion(source: Source | undefined): void {
  if (source === undefined) return;
  const text = String(source.scalar);
  if (!/^[0-9]+(?:\.[0-9]+){0,2}$/.test(text)) source.fail(`'${text}' is no version: 'X.Y' or 'X.Y.Z'`);
  const [major = 0, minor = 0] = text.split(".").map(Number);
  if (major > NEWEST[0] || (major === NEWEST[0] && minor > NEWEST[1]))
    source.fail(refusal("newer", `'ks-version: ${text}'`));
}

export function nameOf(source: Source): string {
  return checkName(source.text, source);
}

export function endianOf(source: Source | undefined): "be" | "le" | null {
  if (source === undefined) return null;
  if (source.isMap) source.fail(refusal("bitEndianChoice"));
  const value = source.text;
  return value === "be" || value === "le" ? value : source.fail("the byte order is 'be' or 'le'");
}
