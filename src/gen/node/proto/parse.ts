/** `.proto` files and their imports, parsed into one tree of names. */
import { protobuf } from "./protobufjs.js";
import type { ReadFile } from "../../load.js";
import { specError } from "../../source.js";
import { outlineOf, parserError, type Outline } from "./outline.js";

/** A parsed file. */
export interface ProtoFile {
  /** As imports name it. */
  readonly name: string;
  /** As errors name it. */
  readonly shown: string;
  readonly text: string;
  readonly package: string;
  readonly outline: Outline;
  readonly imports: readonly string[];
}

/** Files in the order of their imports, the first one first, and the tree of what they declare. */
export interface ProtoTree {
  readonly root: protobuf.Root;
  readonly files: readonly ProtoFile[];
  /** The file that declares a message or an enumeration. */
  fileOf(of: protobuf.ReflectionObject): ProtoFile;
}

const FILES_MAX = 1_000;
/** What files import that declare options of their own; options are passed over. */
const OPTIONS = "google/protobuf/descriptor.proto";
const OPTION_KINDS = ["File", "Message", "Field", "Oneof", "Enum", "EnumValue", "Service", "Method"];
const OPTION_TYPES = {
  google: {
    nested: {
      protobuf: {
        nested: Object.fromEntries(
          OPTION_KINDS.map((kind) => [`${kind}Options`, { fields: {}, extensions: [[1_000, 536_870_911]] }]),
        ),
      },
    },
  },
};

/**
 * Parses a file and what it imports.
 * @param path of the first file; its imports lie beside it, or in one of the folders
 * @param shown the file as errors name it
 * @throws WireError `spec` with file and line
 */
export function parseProto(path: string, shown: string, readFile: ReadFile, folders: readonly string[]): ProtoTree {
  const own = path.slice(0, path.lastIndexOf("/") + 1);
  const root = new protobuf.Root();
  const files = new Map<string, ProtoFile>();
  const builtIn = new Map<string, ProtoFile>();
  const places = [...folders.map((folder) => `${folder}/`), own];

  const read = (name: string, place: string): string | undefined => {
    for (const folder of places) {
      try {
        return readFile(folder + name);
      } catch {
        // It may lie in the next one.
      }
    }
    if (name !== OPTIONS && protobuf.common.get(name) === null) throw specError(place, `'${name}' cannot be read`);
    return undefined;
  };
  const add = (name: string, text: string | undefined, label: string, from: readonly string[]): void => {
    if (files.size >= FILES_MAX) throw specError(`${label}:1`, `more than ${FILES_MAX} files`);
    if (text === undefined && name === OPTIONS) {
      root.addJSON(OPTION_TYPES);
      // No module is made of it.
      const file = { name, shown: name, text: "", package: "google.protobuf", outline: new Map(), imports: [] };
      for (const kind of OPTION_KINDS) builtIn.set(`.google.protobuf.${kind}Options`, file);
      return;
    }
    if (text === undefined) {
      const file = addBuiltIn(root, name, builtIn);
      files.set(name, file);
      return;
    }
    const outline = outlineOf(label, text);
    const { package: named, imports, weakImports } = parsed(root, name, text, label);
    const file = { name, shown: label, text, package: named ?? "", outline, imports: imports ?? [] };
    files.set(name, file);
    for (const imported of [...(imports ?? []), ...(weakImports ?? [])]) {
      const place = `${label}:${lineOfText(text, `"${imported}"`)}`;
      if (from.includes(imported) || imported === name)
        throw specError(place, `the import runs in a circle: ${[...from, name, imported].join(" → ")}`);
      if (!files.has(imported)) add(imported, read(imported, place), imported, [...from, name]);
    }
  };
  const first = path.slice(own.length);
  let text: string;
  try {
    text = readFile(path);
  } catch {
    throw specError(`${shown}:1`, "the file cannot be read");
  }
  add(first, text, shown, []);
  resolve(root, [...files.values()]);
  return {
    root,
    files: [...files.values()],
    fileOf: (of) => builtIn.get(of.fullName) ?? files.get(of.filename ?? "") ?? fileOfParent(of, files, builtIn),
  };
}

function fileOfParent(
  of: protobuf.ReflectionObject,
  files: ReadonlyMap<string, ProtoFile>,
  builtIn: ReadonlyMap<string, ProtoFile>,
): ProtoFile {
  for (let each: protobuf.ReflectionObject | null = of; each !== null; each = each.parent) {
    const found = builtIn.get(each.fullName) ?? files.get(each.filename ?? "");
    if (found !== undefined) return found;
  }
  throw new TypeError(`no file declares ${of.fullName}`);
}

/** One of the well-known types, which the parser has as data. */
function addBuiltIn(root: protobuf.Root, name: string, builtIn: Map<string, ProtoFile>): ProtoFile {
  const { nested } = protobuf.common.get(name) as protobuf.INamespace;
  const file = { name, shown: name, text: "", package: "google.protobuf", outline: new Map(), imports: [] };
  root.addJSON(nested!);
  const inner = (nested!["google"] as protobuf.INamespace).nested!["protobuf"] as protobuf.INamespace;
  for (const type of Object.keys(inner.nested!)) builtIn.set(`.google.protobuf.${type}`, file);
  return file;
}

function parsed(root: protobuf.Root, name: string, text: string, shown: string): protobuf.IParserResult {
  // The parser takes the name of the file from a property of its own.
  const parser = protobuf.parse as typeof protobuf.parse & { filename: string | null };
  parser.filename = name;
  try {
    return protobuf.parse(text, root, { keepCase: true, alternateCommentMode: true });
  } catch (error) {
    throw parserError(shown, error);
  } finally {
    parser.filename = null;
  }
}

function resolve(root: protobuf.Root, files: readonly ProtoFile[]): void {
  try {
    root.resolveAll();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const name = /'([\w.]+)'/.exec(message)?.[1] ?? "";
    const place = files.find(({ text }) => name !== "" && text.includes(name)) ?? files[0]!;
    const line = name === "" ? 1 : lineOfText(place.text, name);
    throw specError(`${place.shown}:${line}`, message.replace(/^no such Type or Enum/, "there is no type"));
  }
}

/** The line on which a text stands for the first time. */
function lineOfText(text: string, part: string): number {
  const at = text.indexOf(part);
  return at < 0 ? 1 : text.slice(0, at).split("\n").length;
}
