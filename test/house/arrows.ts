import ts from "typescript";

/** What one folder of src/ may import beside itself, `errors.ts` and `limits.ts`. */
interface Arrows {
  /** Other folders of src/; everything also means package.json. */
  readonly to: readonly string[] | "everything";
  /** Other folders of which only the types may be named. */
  readonly typesOf?: readonly string[];
  /** Packages; a name that ends in a slash stands for a scope. */
  readonly packages?: readonly string[];
  /** Whether its files may import `node:*`. */
  readonly node?: true;
}

/** Protocols do not know each other. */
const PROTOCOL = { to: ["codec", "kernel", "machine", "bytes"] };

/** Every arrow there is. A folder that is not named here may not exist; the `node.ts` of one have a line of their own. */
export const ARROWS: Readonly<Record<string, Arrows>> = {
  bytes: { to: [] },
  codec: { to: ["bytes"] },
  kernel: { to: ["bytes"], packages: ["@noble/"] },
  gen: { to: ["bytes"], packages: ["yaml", "binary-parser", "restructure"], node: true },
  machine: { to: ["bytes"] },
  raida: PROTOCOL,
  "raida/node.ts": { to: ["raida", ...PROTOCOL.to, "host", "transport"], node: true },
  // X25519 and AES-CBC serve its handshake alone.
  bittrrt: { ...PROTOCOL, packages: ["@noble/"] },
  "bittrrt/node.ts": { to: ["bittrrt", ...PROTOCOL.to, "host", "transport"], node: true },
  rpc: PROTOCOL,
  transport: { to: ["bytes"], node: true },
  host: { to: ["machine", "transport", "codec"], node: true },
  testing: { to: ["machine"], typesOf: ["host"] },
  cli: {
    to: "everything",
    packages: ["cli-progress", "commander", "hdr-histogram-js", "pino", "smol-toml", "yaml"],
    node: true,
  },
};

/** May be imported from anywhere, and import nothing. */
const LEAVES = ["errors.ts", "limits.ts"];

/** The imports of a source file that no arrow allows, as sentences. `file` is a path inside src/, with slashes. */
export function forbiddenImports(file: string, text: string): string[] {
  const owner = ownerOf(file);
  const arrows = LEAVES.includes(file) ? { to: [] } : ARROWS[owner];
  if (arrows === undefined) return [`${file} lies where no arrow begins`];
  return importsOf(file, text)
    .filter((imported) => !isAllowed(file, arrows, imported))
    .map(({ name }) => `${file} imports ${name}`);
}

interface Import {
  readonly name: string;
  readonly typeOnly: boolean;
}

function isAllowed(file: string, arrows: Arrows, { name, typeOnly }: Import): boolean {
  if (name.startsWith("node:")) return arrows.node === true;
  if (!name.startsWith(".")) return (arrows.packages ?? []).some((known) => isPackage(name, known));
  const target = new URL(name, `file:///${file}`).pathname.slice(1).replace(/\.js$/, ".ts");
  if (LEAVES.includes(target)) return !LEAVES.includes(file);
  const owner = ownerOf(target);
  if (owner === ownerOf(file) || arrows.to === "everything" || arrows.to.includes(owner)) return true;
  return typeOnly && (arrows.typesOf ?? []).includes(owner);
}

function isPackage(name: string, known: string): boolean {
  return known.endsWith("/") ? name.startsWith(known) : name === known || name.startsWith(`${known}/`);
}

/** The line of {@link ARROWS} that a file answers to. */
function ownerOf(file: string): string {
  const folder = /^([^/]+)\//.exec(file)?.[1];
  if (folder === undefined) return file;
  // However deep it lies.
  return file.endsWith("/node.ts") ? `${folder}/node.ts` : folder;
}

/** Every module that a file names: imports, re-exports, `import()` in code and in types, `require`. */
function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (specifier === undefined) return;
    // A computed name cannot be judged, so it is not allowed.
    found.push({ name: ts.isStringLiteralLike(specifier) ? specifier.text : specifier.getText(), typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnlyImport(node));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node)) add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node, true);
    else if (ts.isExternalModuleReference(node)) add(node.expression, false);
    else if (ts.isCallExpression(node) && isModuleCall(node)) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

function isTypeOnlyImport({ importClause: clause }: ts.ImportDeclaration): boolean {
  if (clause?.isTypeOnly === true) return true;
  const named = clause?.namedBindings;
  return (
    clause?.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every((element) => element.isTypeOnly)
  );
}

function isModuleCall({ expression }: ts.CallExpression): boolean {
  if (expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  return ts.isIdentifier(expression) && expression.text === "require";
}
