import { specError, Source } from "./source.js";

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
  readonly endian: "be" | "le" | null;
  readonly bitEndian: "be" | "le";
  readonly encoding: string | null;
  readonly imports: ReadonlyMap<string, SpecFile>;
  /** The types by name; the file's own sequence, if any, under the name of the file. */
  readonly types: ReadonlyMap<string, Source>;
  readonly enums: ReadonlyMap<string, Source>;
  readonly hasRoot: boolean;
}

const META = [
  "id",
  "title",
  "application",
  "file-extension",
  "xref",
  "tags",
  "license",
  "ks-version",
  "endian",
  "bit-endian",
  "encoding",
  "imports",
];
const TYPE = ["meta", "doc", "doc-ref", "params", "seq", "-spec", "-open", "-columns", "-kind"];
const ATTRIBUTE = [
  "id",
  "type",
  "size",
  "size-eos",
  "contents",
  "repeat",
  "repeat-expr",
  "enum",
  "valid",
  "encoding",
  "doc",
  "doc-ref",
  "-derive",
  "-default",
  "-min",
  "-max",
  "-secret",
  "-u64",
  "-spec",
  "-proto",
];
const ID = /^[a-z][a-z0-9_]*$/;

/**
 * Reads a spec and everything that it imports.
 * @param path the file
 * @param packageName what stands in front of the formats' names; without it, the file's own id
 * @throws WireError `spec` with the file and line of the mistake
 */
export function loadSpec(path: string, readFile: ReadFile, packageName?: string): SpecFile {
  return load(path, readFile, packageName, new Map(), []);
}

function load(
  path: string,
  readFile: ReadFile,
  packageName: string | undefined,
  cache: Map<string, SpecFile>,
  chain: readonly string[],
): SpecFile {
  const known = cache.get(path);
  if (known !== undefined) return known;
  const base = path.slice(path.lastIndexOf("/") + 1);
  const file = packageName === undefined ? base : `${packageName}/${base}`;
  if (chain.includes(path))
    throw specError(`${file}:1`, `the import runs in a circle: ${[...chain, path].join(" → ")}`);

  const root = Source.parse(file, readFile(path));
  if (!root.isMap) root.fail("a spec is a map with at least 'meta'");
  root.onlyKeys("a spec", [...TYPE.filter((key) => key !== "-kind"), "types", "enums"]);
  const meta = root.get("meta") ?? root.fail("'meta' is missing");
  meta.onlyKeys("meta", META);
  const id = nameOf(meta.get("id") ?? meta.fail("'id' is missing"));

  const imports = new Map<string, SpecFile>();
  for (const item of meta.get("imports")?.items() ?? []) {
    const target = `${resolvePath(path, item.text)}.ksy`;
    const name = item.text.slice(item.text.lastIndexOf("/") + 1);
    let spec: SpecFile;
    try {
      spec = load(target, readFile, packageName, cache, [...chain, path]);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT")
        item.fail(`'${item.text}' cannot be read`);
      throw error;
    }
    if (spec.id !== name) item.fail(`'${item.text}' calls itself '${spec.id}'; file and id must agree`);
    imports.set(name, spec);
  }

  const types = new Map<string, Source>();
  const hasRoot = (root.get("seq")?.items().length ?? 0) > 0;
  if (hasRoot) types.set(id, root);
  for (const [name, type] of root.get("types")?.entries() ?? []) {
    if (!ID.test(name)) type.fail(`'${name}' is no name: small letters, digits and _, a letter first`);
    if (types.has(name)) type.fail(`the name '${name}' is taken`);
    if (type.get("types") !== undefined) type.get("types")!.fail("types do not nest; put it beside the others");
    type.onlyKeys("a type", TYPE);
    types.set(name, type);
  }
  for (const type of types.values()) checkAttributes(type);

  const enums = new Map(root.get("enums")?.entries() ?? []);
  const spec: SpecFile = {
    id,
    file,
    package: packageName ?? id,
    title: meta.get("title")?.text ?? "",
    doc: root.get("doc")?.text.trim() ?? "",
    endian: endianOf(meta.get("endian")),
    bitEndian: endianOf(meta.get("bit-endian")) ?? "be",
    encoding: meta.get("encoding")?.text ?? null,
    imports,
    types,
    enums,
    hasRoot,
  };
  cache.set(path, spec);
  return spec;
}

function checkAttributes(type: Source): void {
  for (const attribute of type.get("seq")?.items() ?? []) {
    if (!attribute.isMap) attribute.fail("an attribute is a map");
    attribute.onlyKeys("an attribute", ATTRIBUTE);
    nameOf(attribute.get("id") ?? attribute.fail("'id' is missing"));
  }
}

export function nameOf(source: Source): string {
  const name = source.text;
  if (!ID.test(name)) source.fail(`'${name}' is no name: small letters, digits and _, a letter first`);
  return name;
}

export function endianOf(source: Source | undefined): "be" | "le" | null {
  if (source === undefined) return null;
  const value = source.text;
  return value === "be" || value === "le" ? value : source.fail("the byte order is 'be' or 'le'");
}

function resolvePath(from: string, to: string): string {
  if (to.startsWith("/")) return to;
  const parts = from.split("/").slice(0, -1);
  for (const part of to.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
