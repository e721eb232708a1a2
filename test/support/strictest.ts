/** What the strictest TypeScript says about emitted modules. */
import { resolve } from "node:path";
import ts from "typescript";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noFallthroughCasesInSwitch: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  isolatedDeclarations: true,
  declaration: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  skipLibCheck: true,
  noEmit: true,
  types: [],
};

/** The first complaints about each of some modules, which are checked in one program. @param modules texts by id */
export function diagnose(modules: ReadonlyMap<string, string>): Map<string, string> {
  const texts = new Map([...modules].map(([id, text]) => [resolve(`${id}.ts`).replaceAll("\\", "/"), { id, text }]));
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file)?.text ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) =>
    texts.has(file)
      ? ts.createSourceFile(file, texts.get(file)!.text, version)
      : getSourceFile.call(host, file, version, ...rest);
  const program = ts.createProgram([...texts.keys()], OPTIONS, host);
  const told = new Map<string, string>();
  for (const [file, { id }] of texts) {
    const source = program.getSourceFile(file)!;
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
      ...program.getDeclarationDiagnostics(source),
    ];
    const lines = found.slice(0, 3).map(({ messageText, start }) => {
      const line = source.text.slice(0, start).split("\n").length - 1;
      return `${ts.flattenDiagnosticMessageText(messageText, "\n")}: ${source.text.split("\n")[line]}`;
    });
    if (lines.length > 0) told.set(id, lines.join("\n"));
  }
  return told;
}
