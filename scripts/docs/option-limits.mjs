/** The bounds among the options of every subpath, from the built declarations: counts, bytes and times. */
import { join } from "node:path";
import ts from "typescript";
import { readFileSync } from "node:fs";
import { subpaths } from "../check/subpaths.mjs";
import { table } from "./tables.mjs";

/** Names of options that are bounds. */
const BOUND = /(Max|TimeoutMs|AfterMs|PerSecond|[a-z]Limit)$/;
const HOLDER = /(Options|Limits|Rules)$/;

/** A table for each subpath that has such options; those of `Limits` stand in a table of their own. */
export function optionLimitTables(root) {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const files = new Map(subpaths.map((subpath) => [subpath, join(root, exports[`./${subpath}`].types)]));
  const program = ts.createProgram([...files.values()], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    noLib: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const seen = new Set();
  const tables = [...files].flatMap(([subpath, file]) => {
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));
    const symbols = exported.map((symbol) =>
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    );
    const rows = symbols
      .filter(({ name }) => HOLDER.test(name) && name !== "Limits")
      .flatMap((symbol) => boundsOf(symbol, checker, seen));
    return rows.length === 0 ? [] : [`### \`specwire/${subpath}\`\n\n${table(["option", "of", "bounds"], rows)}`];
  });
  return tables.join("\n\n");
}

/** The bounds that an interface itself declares; each is told once, where it is met first. */
function boundsOf(symbol, checker, seen) {
  const members = (symbol.declarations ?? []).flatMap((node) => (ts.isInterfaceDeclaration(node) ? node.members : []));
  return members.flatMap((member) => {
    const name = member.name?.getText() ?? "";
    const id = `${symbol.name}.${name}`;
    if (!BOUND.test(name) || seen.has(id)) return [];
    seen.add(id);
    const text = ts.displayPartsToString(checker.getSymbolAtLocation(member.name).getDocumentationComment(checker));
    return [[`\`${name}\``, `\`${symbol.name}\``, text.replace(/\s+/g, " ").replace(/\{@link (\w+)\}/g, "`$1`")]];
  });
}
