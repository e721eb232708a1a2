/** What files of one base name are called, so that the names of their types and of what is emitted are unique. */
import { BUILT_IN, ID } from "./declarations.js";
import { Source } from "./source.js";

/** A spec file as the files that import it find it. */
export interface FoundFile {
  /** Where it lies, with the slashes that imports have. */
  readonly path: string;
  /** The folder of `-I` that it was found in, with a slash behind it; empty where it stands beside what imports it. */
  readonly folder: string;
  /** What it was given as, by whoever compiles it; undefined for what is imported alone. */
  readonly given: string | undefined;
}

/** What a file is called in its module, and in errors, where its base name is not enough. */
export interface FileName {
  readonly id: string;
  readonly file: string;
}

/** The last part of a path, without `.ksy`. */
export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.ksy$/, "");
}

/** The files that an import may mean, with the folder that each lies in, if a folder was looked through for it. */
export function placesOf(text: string, from: string, folders: readonly string[]): { path: string; folder: string }[] {
  if (!text.startsWith("/")) return [{ path: `${resolvePath(from, text)}.ksy`, folder: "" }];
  return folders.map((folder) => ({ path: `${resolvePath(`${folder}/`, text.slice(1))}.ksy`, folder: `${folder}/` }));
}

/**
 * All files of some specs, in the order in which they import each other. What is wrong with a file is told by whoever
 * compiles it; here it has no imports.
 */
export function findFiles(
  paths: readonly string[],
  read: (path: string) => string | undefined,
  folders: readonly string[],
): FoundFile[] {
  const found = new Map<string, FoundFile>();
  const visit = (path: string, folder: string, isGiven: boolean): boolean => {
    if (found.has(path)) return true;
    const text = read(path);
    if (text === undefined) return false;
    const { id, imports } = headOf(path, text);
    found.set(path, { path, folder, given: isGiven ? id : undefined });
    for (const name of imports) placesOf(name, path, folders).some((place) => visit(place.path, place.folder, false));
    return true;
  };
  for (const path of paths) visit(path, "", true);
  return [...found.values()];
}

/**
 * Names of types that a file does not declare, where it says that such types are foreign code (`ks-opaque-types`): one
 * that a spec file beside it is called by is the type of that file.
 */
export function foreignNames(root: Source): ReadonlySet<string> {
  const named = new Set<string>();
  const declared = new Set<string>();
  const note = (type: Source): void => {
    if (type.isMap) for (const [, target] of type.get("cases")?.entries() ?? []) note(target);
    else if (!type.isList) named.add(String(type.scalar).split("(")[0]!.trim());
  };
  const visit = (map: Source): void => {
    const { seq, instances, types } = Object.fromEntries(map.entries());
    const members = [...(seq?.items() ?? []), ...(instances?.entries() ?? []).map(([, each]) => each)];
    for (const member of members)
      if (member.isMap) member.entries().forEach(([key, type]) => key === "type" && note(type));
    for (const [name, type] of types?.entries() ?? []) {
      declared.add(name);
      if (type.isMap) visit(type);
    }
  };
  if (root.get("meta")?.get("ks-opaque-types")?.scalar === true) visit(root);
  return new Set([...named].filter((name) => ID.test(name) && !BUILT_IN.test(name) && !declared.has(name)));
}

/** What a file calls itself, and the names of those that it imports, by all that may be one. */
export function headOf(path: string, text: string): { id: string | undefined; imports: readonly string[] } {
  try {
    const root = Source.parse(path, text);
    const meta = root.get("meta");
    const id = meta?.get("id")?.text;
    const imports = (meta?.get("imports")?.items() ?? []).map((item) => item.text);
    return { id, imports: [...imports, ...foreignNames(root)] };
  } catch {
    return { id: undefined, imports: [] };
  }
}

/**
 * The names of those files whose base names are not unique: a spec that was given keeps its id, others are called after
 * the folders that lie between them and the folder that they share (`a/common` becomes `a_common`), so that no name
 * depends on the order of imports.
 */
export function namesApart(files: readonly FoundFile[]): ReadonlyMap<string, FileName> {
  const groups = new Map<string, FoundFile[]>();
  for (const file of files) {
    const id = file.given ?? baseOf(file.path);
    groups.set(id, [...(groups.get(id) ?? []), file]);
  }
  const names = new Map<string, FileName>();
  const taken = new Set([...groups].filter(([, group]) => group.length === 1).map(([id]) => shape(id)));
  for (const [id, group] of groups) {
    if (group.length === 1) continue;
    const shared = sharedFolder(group.filter(({ folder }) => folder === "").map(({ path }) => path));
    const local = ({ path, folder }: FoundFile): string => path.slice((folder === "" ? shared : folder).length);
    const given = group.filter((file) => file.given !== undefined);
    const kept = given.length === 1 ? given[0] : undefined;
    for (const file of kept === undefined ? group : [kept, ...group.filter((each) => each !== kept)]) {
      const name = local(file);
      const isAlone = group.every((each) => each === file || local(each) !== name);
      const own = freeName(file === kept ? id : idOf(name), taken);
      names.set(file.path, { id: own, file: isAlone ? name : file.path });
    }
  }
  return names;
}

/** Names that become one where names are put together of capitals. */
function shape(id: string): string {
  return id.replaceAll("_", "");
}

function freeName(name: string, taken: Set<string>): string {
  let own = name;
  for (let n = 2; taken.has(shape(own)); n++) own = `${name}_${n}`;
  taken.add(shape(own));
  return own;
}

/** `a/common.ksy` → `a_common` */
function idOf(path: string): string {
  const id = wordOf(path.replace(/\.ksy$/, "")).replace(/^_/, "");
  return ID.test(id) ? id : `in_${id}`;
}

/** A path, or a folder of it, as a word that names are made of. */
export function wordOf(path: string): string {
  return path.toLowerCase().replace(/[^a-z0-9]+/g, "_");
}

/** What all paths begin with, up to a slash. */
function sharedFolder(paths: readonly string[]): string {
  const [first = "", ...others] = paths;
  let shared = first.slice(0, first.lastIndexOf("/") + 1);
  while (shared !== "" && !others.every((path) => path.startsWith(shared)))
    shared = shared.slice(0, shared.slice(0, -1).lastIndexOf("/") + 1);
  return shared;
}

/** The path that a relative one means in a file. */
function resolvePath(from: string, to: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of to.split("/")) {
    if (part !== "..") {
      if (part !== ".") parts.push(part);
    } else if (parts.length === 0 || parts.at(-1) === "..") parts.push(part);
    else if (parts.length > 1 || parts[0] !== "") parts.pop();
  }
  return parts.join("/");
}
