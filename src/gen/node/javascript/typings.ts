/** The declarations (`.d.ts`) of an emitted module. Every type in it is written down, so nothing is inferred here. */
import { namesIn } from "../../emit-ts/pruning.js";
import { behind, placesOf, statementsOf, type Statement } from "./statements.js";

/** What an emitted module exports, without what it does. */
export function typingsOf(typescript: string): string {
  const statements = statementsOf(typescript);
  const imports = statements.filter(({ text }) => text.startsWith("import "));
  const declared = statements.filter((each) => !imports.includes(each)).map(declaredOf);
  const named = namesIn(declared.join(""));
  const [first] = statements;
  const opening = first !== undefined && imports.includes(first) ? first.doc : "";
  return opening + imports.map(({ text }) => importOf(text, named)).join("") + declared.join("");
}

function declaredOf({ doc, text }: Statement): string {
  const declaration = declarationOf(text);
  return declaration === "" && text !== "" ? "" : doc + declaration;
}

/** An import of the names that declarations name. */
function importOf(text: string, named: ReadonlySet<string>): string {
  const [, list, from] = /^import (?:type )?\{([^}]*)\} from ("[^"]*");/.exec(text)!;
  const isTypes = text.startsWith("import type ");
  const types = list!
    .split(",")
    .map((each) => each.trim())
    .filter((each) => isTypes || each.startsWith("type "))
    .map((each) => each.replace(/^type /, ""))
    .filter((each) => named.has(each.replace(/^.* as /, "")));
  return types.length === 0 ? "" : `import type { ${types.join(", ")} } from ${from};\n`;
}

function declarationOf(text: string): string {
  if (/^export (?:interface|type) /.test(text)) return text;
  if (text.startsWith("export function ")) return `export declare function ${signatureOf(text.slice(16))}\n`;
  if (text.startsWith("export class ")) return classOf(text);
  if (text.startsWith("export const ")) return `export declare const ${constantOf(text.slice(13))}\n`;
  return "";
}

/** `name(params): Type;` of a function or method with its body. */
function signatureOf(text: string): string {
  const open = text.indexOf("(");
  const close = behind(text, open);
  const body = placesOf(text, (character) => character === "{").at(-1)!;
  const params = listed(text.slice(open + 1, close - 1)).map(paramOf);
  return `${text.slice(0, open)}(${params.join(", ")})${text.slice(close, body).trimEnd()};`;
}

/** What commas part, those of type arguments not counted. */
function listed(text: string): string[] {
  const parts: string[] = [];
  let [from, depth] = [0, 0];
  for (const at of placesOf(text, (character) => "<>,".includes(character))) {
    if (text[at] === "<") depth++;
    else if (text[at] === ">" && text[at - 1] !== "=") depth--;
    else if (text[at] === "," && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)].map((part) => part.trim()).filter((part) => part !== "");
}

/** A parameter without the value that it has where none is given. */
function paramOf(text: string): string {
  const { head, value } = assigned(text);
  if (value === null) return text;
  const [name, ...type] = head.split(":");
  return `${name}?: ${type.length === 0 ? inferred(value) : type.join(":").trim()}`;
}

/** What stands before and behind the `=` of a declaration. */
function assigned(text: string): { head: string; value: string | null } {
  const at = placesOf(text, (character) => character === "=").find((place) => text[place + 1] !== ">");
  if (at === undefined) return { head: text, value: null };
  return { head: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}

/** The type of a number that stands for itself: emitted code leaves no other type out. */
function inferred(value: string): string {
  if (/^-?\d+$/.test(value)) return "number";
  throw new TypeError(`the type of ${value} is not written down`);
}

function classOf(text: string): string {
  const open = text.indexOf("{");
  const lines: string[] = [];
  let at = open + 1;
  for (;;) {
    while (/\s/.test(text[at]!)) at++;
    if (text[at] === "}") break;
    if (text.startsWith("/*", at)) {
      const end = behind(text, at);
      lines.push(`  ${text.slice(at, end)}`);
      at = end;
      continue;
    }
    const start = at;
    while (text[at] !== ";" && text[at] !== "{") at = behind(text, at);
    at = behind(text, at);
    lines.push(`  ${memberOf(text.slice(start, at))}`);
  }
  return `${text.slice(0, open).replace("export class", "export declare class")}{\n${lines.join("\n")}\n}\n`;
}

function memberOf(text: string): string {
  if (text.endsWith("}")) return signatureOf(text);
  const { head, value } = assigned(text.slice(0, -1));
  return `${head}${value === null || head.includes(":") ? "" : `: ${inferred(value)}`};`;
}

function constantOf(text: string): string {
  const { head, value } = assigned(text.trimEnd().slice(0, -1));
  if (head.includes(":")) return `${head};`;
  if (!value!.endsWith(" as const")) return `${head} = ${value};`;
  return `${head}: ${readonlyOf(value!.slice(0, -" as const".length))};`;
}

/** The type of an object of constants: `{ a: 1 }` is `{ readonly a: 1; }`. */
function readonlyOf(object: string): string {
  const inner = object.slice(1, -1);
  let [text, from] = ["", 0];
  const ends = [...placesOf(inner, (character) => character === ","), inner.length];
  for (const end of ends) {
    const entry = inner.slice(from, end);
    const key = placesOf(entry, (character) => /[\w$]/.test(character))[0];
    text += key === undefined ? entry : `${entry.slice(0, key)}readonly ${entry.slice(key).trimEnd()};`;
    from = end + 1;
  }
  return `{${text}${object.includes("\n") ? "" : " "}}`;
}
