/** Tables of documents from tables of the sources: error codes, limits, engines, and the contract of machines. */
import { readFileSync } from "node:fs";
import ts from "typescript";
import { load } from "./source.mjs";

const GROUPS = {
  bytes: "Bytes that are refused",
  values: "Values, arguments and limits",
  calls: "Calls, links and machines",
  stores: "Disks and stores",
  specs: "Specs",
};

/** Every error code with its text, cause and cure, by group. */
export async function errorTables() {
  const { ERROR_TEXTS } = await load("src/errors.ts");
  const { ERROR_HELP } = await load("src/cli/error-help.ts");
  const row = ([code, { cause, cure }]) => [`\`${code}\``, `${cap(ERROR_TEXTS[code])}. ${cause}`, cure];
  return Object.entries(GROUPS)
    .map(([group, title]) => {
      const rows = Object.entries(ERROR_HELP).filter(([, help]) => help.group === group);
      return `## ${title}\n\n${table(["code", "cause", "cure"], rows.map(row))}`;
    })
    .join("\n\n");
}

/** The limits of hosts, machines and transports with their defaults. */
export async function limitTable() {
  const { DEFAULT_LIMITS } = await load("src/limits.ts");
  const source = parse("src/limits.ts");
  const { members } = declarationOf(source, "Limits");
  const rows = members.map((member) => {
    const name = member.name.getText(source);
    return [`\`${name}\``, DEFAULT_LIMITS[name].toLocaleString("en"), sentenceOf(member)];
  });
  return table(["limit", "default", "bounds"], rows);
}

/** Events or effects of the contract of machines. @param name `Event` or `Effect` */
export function contractTable(name) {
  const source = parse("src/machine/types.ts");
  const { type } = declarationOf(source, name);
  const rows = type.types.map((each, i) => {
    const comment = commentOf(source, i === 0 ? type.getFullStart() : type.types[i - 1].end, each.getStart());
    const parts = partsOf(each);
    const literals = parts.filter(ts.isTypeLiteralNode).flatMap(({ members }) => members);
    const kind = literals.find((member) => member.name.text === "type").type.literal.text;
    const fields = literals
      .filter((member) => member.name.text !== "type")
      .map((member) => `${member.name.text}${member.questionToken === undefined ? "" : "?"}`);
    const others = parts.filter(ts.isTypeReferenceNode).map((part) => `…${part.typeName.text}`);
    return [`\`${kind}\``, [...fields, ...others].map((field) => `\`${field}\``).join(" "), comment];
  });
  return table([name.toLowerCase(), "has", ""], rows);
}

/** Which engine serves which size of what. */
export async function engineTable() {
  const { CROSSOVERS } = await load("src/kernel/engine/crossovers.ts");
  const rows = Object.entries(CROSSOVERS).map(([name, { unit, steps }]) => {
    const step = ({ from, prefer }) =>
      `${from === 0 ? "" : `from ${from.toLocaleString("en")} on: `}${prefer.join(", ")}`;
    return [`\`${name}\``, unit, steps.map(step).join("; ")];
  });
  return table(["primitive", "size in", "engines, the first that the machine has"], rows);
}

/** Aligned rows would change whole when one changes; readers of Markdown do not need them. */
export function table(header, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), `|${"---|".repeat(header.length)}`, ...rows.map(line)].join("\n");
}

const cap = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function parse(path) {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
}

function declarationOf(source, name) {
  return source.statements.find((node) => node.name?.text === name);
}

function partsOf(node) {
  if (ts.isParenthesizedTypeNode(node)) return partsOf(node.type);
  return ts.isIntersectionTypeNode(node) ? node.types.flatMap(partsOf) : [node];
}

/** The comment before the bar of a member of a union, which TypeScript itself gives to none. */
function commentOf(source, from, to) {
  return plain(Array.from(source.text.slice(from, to).matchAll(/\/\*\*[^]*?\*\//g), ([comment]) => comment).join(" "));
}

function sentenceOf(node) {
  return plain(
    ts
      .getJSDocCommentsAndTags(node)
      .map((comment) => comment.getText())
      .join(" "),
  );
}

function plain(comment) {
  return comment
    .replace(/\/\*\*|\*\//g, "")
    .replace(/^\s*\*/gm, "")
    .replace(/\{@link (?:[\w.]*\.)?(\w+)\}/g, "`$1`")
    .replace(/\s+/g, " ")
    .trim();
}
