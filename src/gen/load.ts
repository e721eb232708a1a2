/** Reads spec files and what they import: YAML with lines, names of types and enumerations, nothing laid out yet. */
import { Declarations, ID } from "./declarations.js";
import { Keys } from "./keys.js";
import { Mistakes, specError, Source } from "./source.js";

/** Reads a file; throws when it does not exist. Injected, so that nothing here touches a disk. */
export type ReadFile = (path: string) => string;

/** A spec file with the files that it imports; keys checked, names not yet resolved. */
export interface SpecFile {
  readonly id: string;
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
  readonly imports: ReadonlyMap<string, SpecFile>;
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
 * @throws WireError `spec` with the file and line of the mistake
 */
export function loadSpec(
  path: string,
  readFile: ReadFile,
  packageName?: string,
  folders: readonly string[] = [],
): SpecFile {
  return load(path, { readFile, packageName, folders, cache: new Map(), paths: new Map() });
}

/** What is the same for all files of one spec. */
interface Reading {
  readonly readFile: ReadFile;
  readonly packageName: string | undefined;
  readonly folders: readonly string[];
  readonly cache: Map<string, SpecFile>;
  /** Where the file of each id lies. */
  readonly paths: Map<string, string>;
}

/** @param near what imports the file */
function load(path: string, reading: Reading, near?: Source): SpecFile {
  const { readFile, packageName, folders, cache, paths } = reading;
  const known = cache.get(path);
  if (known !== undefined) return known;
  const base = path.slice(path.lastIndexOf("/") + 1);
  const file = packageName === undefined ? base : `${packageName}/${base}`;
  // The name stands in comments of what is generated.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(file))
    throw specError(`${JSON.stringify(file)}:1`, "the name of the file holds characters that cannot be printed");

  const root = Source.parse(file, readFile(path));
  if (!root.isMap) root.fail("a spec is a map with at least 'meta'");
  const keys = new Keys(root);
  const mistakes = new Mistakes();
  const meta = new Keys(keys.need("meta"));
  const id = nameOf(meta.need("id"));
  const other = paths.get(id);
  // Types of other files go by the name of their file, here as in every reader.
  if (other !== undefined) {
    const message = `'${path}' and '${other}' are both called '${id}', which makes one of both; rename a file and its id`;
    (near ?? root).fail(message);
  }
  paths.set(id, path);

  const imports = new Map<string, SpecFile>();
  const imported = (meta.take("imports")?.items() ?? []).map((item) => ({
    name: item.text.slice(item.text.lastIndexOf("/") + 1),
    item,
  }));
  const names = new Set(imported.map(({ name }) => name));
  const declared = new Declarations(mistakes, (name) => names.has(name));
  const hasRoot =
    (root.get("seq")?.items().length ?? 0) > 0 ||
    root.get("instances") !== undefined ||
    root.get("params") !== undefined;
  if (hasRoot) declared.addRoot(id, root);
  mistakes.attempt(() => declared.add(root, null));
  keys.pass("types", "enums");
  const { types, enums } = declared;
  for (const type of types.values())
    for (const attribute of type.get("seq")?.items() ?? []) mistakes.attempt(() => checkAttribute(attribute));

  const endianSource = meta.take("endian");
  const hasOpaque = meta.take("ks-opaque-types")?.boolean ?? false;
  const spec: SpecFile = {
    id,
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
  meta.pass("application", "file-extension", "xref", "tags", "license", "ks-version", "ks-debug", "-spec");
  mistakes.attempt(() => meta.close("'meta'"));
  keys.pass("doc-ref", "-spec");
  // What is left over otherwise is left to the file's own sequence, which is a type like others.
  if (keys.peek("seq") !== undefined && !hasRoot) keys.pass("seq");
  if (!hasRoot) mistakes.attempt(() => keys.close("a spec without a sequence of its own"));
  mistakes.tell();
  // Files may import each other.
  cache.set(path, spec);
  for (const { name, item } of imported) imports.set(name, importFile(item, name));
  return spec;

  function importFile(item: Source, name: string): SpecFile {
    const isAbsolute = item.text.startsWith("/");
    if (isAbsolute && folders.length === 0)
      item.fail(`'${item.text}' begins with a slash, and no folder was given to look for it in`);
    const places = isAbsolute
      ? folders.map((folder) => resolvePath(`${folder}/`, item.text.slice(1)))
      : [resolvePath(path, item.text)];
    for (const place of places) {
      const target = loadIfThere(`${place}.ksy`, item);
      if (target === undefined) continue;
      if (target.id !== name) item.fail(`'${item.text}' calls itself '${target.id}'; file and id must agree`);
      return target;
    }
    return item.fail(`'${item.text}' cannot be read: there is no ${places.map((place) => `${place}.ksy`).join(", ")}`);
  }

  /** A file that an import means, undefined where there is none. What that file lacks itself is told by then. */
  function loadIfThere(place: string, item: Source): SpecFile | undefined {
    try {
      return load(place, reading, item);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  }
}

function checkAttribute(attribute: Source): void {
  if (!attribute.isMap) attribute.fail("an attribute is a map");
  const id = attribute.get("id");
  if (id !== undefined) nameOf(id);
}

export function nameOf(source: Source): string {
  const name = source.text;
  if (!ID.test(name)) source.fail(`'${name}' is no name: small letters, digits and _, a letter first`);
  return name;
}

export function endianOf(source: Source | undefined): "be" | "le" | null {
  if (source === undefined) return null;
  if (source.isMap) source.fail("a byte order that a field decides is not supported; make a type for each");
  const value = source.text;
  return value === "be" || value === "le" ? value : source.fail("the byte order is 'be' or 'le'");
}

function resolvePath(from: string, to: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of to.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
