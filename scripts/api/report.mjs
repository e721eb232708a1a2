/** The report of the public surface, from declaration files. */
import ts from "typescript";

/**
 * The public surface as text: the names that each subpath exports, then the declarations of these names and of all
 * that they mention, once each and without comments. Both are sorted: only a change of the surface moves a line.
 *
 * `entries` maps a subpath ("specwire/codec") to its built .d.ts.
 */
export function reportApi(entries) {
  const program = ts.createProgram([...entries.values()], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    // Leaves out what the platform declares.
    noLib: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const names = new Map();
  const sections = [];
  for (const [subpath, file] of entries) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${file} declares nothing: is dist built, and does the entry export?`);
    const exported = checker.getExportsOfModule(module);
    for (const alias of exported) names.set(original(checker, alias), alias.name);
    sections.push(`${subpath}\n${inOrder(exported.map(({ name }) => `  ${name}\n`)).join("")}`);
  }
  const declarations = reachedFrom(checker, names.keys()).map((symbol) => declare(symbol, names.get(symbol)));
  return `${inOrder(sections).join("\n")}\n${inOrder(declarations).join("\n")}\n`;
}

function original(checker, symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function inOrder(texts) {
  const key = (text) => text.replace(/^(abstract class|class|const|function|interface|let|type) /, "");
  return texts.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

const printer = ts.createPrinter({ removeComments: true });

/** The text of a symbol's declarations, under its exported name: a bundler may have renamed it. */
function declare(symbol, exportedName = symbol.name) {
  return symbol.declarations
    .map((declaration) => {
      const statement = statementOf(declaration);
      return (
        printer
          .printNode(ts.EmitHint.Unspecified, statement, statement.getSourceFile())
          .replace(/^(export )?(declare )?/, "")
          .replace(/^ +(#private|private (?!constructor)[^;]+);\n/gm, "")
          .replace(/^[^\n]*/, (line) => line.replace(symbol.name, () => exportedName))
          .replace(/\$\d+\b/g, "")
          // A type that the compiler inferred from another module.
          .replace(/\bimport\("[^"]+"\)\./g, "")
      );
    })
    .join("\n");
}

/** These symbols, and all symbols of this package that their declarations mention, directly or not. */
function reachedFrom(checker, symbols) {
  const reached = new Set(symbols);
  for (const symbol of reached) {
    const visit = (node) => {
      const mentioned = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
      if (mentioned !== undefined) {
        const target = original(checker, mentioned);
        if (isStatementOfPackage(target)) reached.add(target);
      }
      ts.forEachChild(node, visit);
    };
    symbol.declarations.forEach(visit);
  }
  return [...reached];
}

/** Whether a symbol is a statement of this package: no parameter, no member, no type of the platform. */
function isStatementOfPackage(symbol) {
  const statement = symbol.declarations?.[0] && statementOf(symbol.declarations[0]);
  if (statement?.parent === undefined || !ts.isSourceFile(statement.parent)) return false;
  return !statement.parent.fileName.includes("/node_modules/");
}

/** The statement of a declaration. A constant is declared in a list in a statement; other declarations are one. */
function statementOf(declaration) {
  return ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
}
