/** Finds options of the built declarations, and members of them, without a sentence about them, and every `any`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./pack.mjs";
import { subpaths } from "./subpaths.mjs";

const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = subpaths.map((subpath) => join(root, exports[`./${subpath}`].types));
const program = ts.createProgram(entries, {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  noLib: true,
  types: [],
});
const checker = program.getTypeChecker();

const exported = new Set(
  entries.flatMap((file) => {
    const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));
    return symbols.map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol));
  }),
);
const found = [...exported].flatMap((symbol) => [...undocumented(symbol), ...loose(symbol)]);
for (const line of [...new Set(found)].sort()) console.error(line);
console.log(`${exported.size} exported names; ${found.length} options without a sentence, or names with any`);
if (exported.size === 0 || found.length > 0) process.exitCode = 1;

function undocumented(symbol) {
  if (!/(Options|Limits)$/.test(symbol.name)) return [];
  const members = symbol.declarations.flatMap((node) => (ts.isInterfaceDeclaration(node) ? node.members : []));
  const named = members.map(({ name }) => checker.getSymbolAtLocation(name));
  return [
    ...(hasSentence(symbol) ? [] : [symbol.name]),
    ...named.filter((member) => !hasSentence(member)).map((member) => `${symbol.name}.${member.name}`),
  ];
}

function hasSentence(symbol) {
  return symbol.getDocumentationComment(checker).length > 0 || symbol.getJsDocTags(checker).length > 0;
}

function loose(symbol) {
  const lines = [];
  const visit = (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) lines.push(`${symbol.name} has any`);
    ts.forEachChild(node, visit);
  };
  symbol.declarations.forEach(visit);
  return lines;
}
