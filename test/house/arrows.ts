/** Which folder of `src/` may import which: the table, and how imports are read from a source file. */
import ts from "typescript";

/** What a folder of `src/` may import beside itself and the leaves. */
interface Arrows {
  /** Other folders of `src/`; `everything` includes package.json. */
  readonly to: readonly string[] | "everything";
  /** Other folders from which it may import types alone. */
  readonly typesOf?: readonly string[];
  /** Packages; a name that ends in a slash stands for everything below it. */
  readonly packages?: readonly string[];
  /** Whether its files may import `node:*`. */
  readonly node?: true;
}

/** What pure files of a protocol may import besides STANDS_ON: no noble, as the kernel chooses the engine. */
const PROTOCOL: Arrows = { to: ["codec", "kernel", "machine", "bytes"] };
/** What the `node.ts` files of a protocol may import. */
const PROTOCOL_ON_NODE: Arrows = { to: [...PROTOCOL.to, "host", "storage", "transport"], node: true };

/** Protocols that stand on others. */
const STANDS_ON: Readonly<Record<string, readonly string[]>> = {
  chain: ["protocols/rpc"],
  // Chunks of files have the keys that the key store gives them.
  dht: ["protocols/rpc", "protocols/store"],
  // The whole server joins them all.
  dps: ["protocols/rpc", "protocols/store", "protocols/dht", "protocols/raft", "protocols/chain"],
  raft: ["protocols/rpc"],
};

/** Optional packages that the `node.ts` files of a protocol load where they are asked for. */
const PEERS: Readonly<Record<string, readonly string[]>> = {
  store: ["@aws-sdk/client-s3", "@nats-io/jetstream", "@nats-io/transport-node"],
};

/** The arrows of every other room. A folder that is missing here may not exist. */
export const ARROWS: Readonly<Record<string, Arrows>> = {
  bytes: { to: [] },
  codec: { to: ["bytes"], packages: ["pako"] },
  kernel: { to: ["bytes"], packages: ["@noble/"] },
  gen: { to: ["bytes"], packages: ["yaml", "@noble/hashes/"] },
  "gen/node": {
    to: ["bytes", "gen", "storage"],
    packages: ["binary-parser", "protobufjs", "restructure", "sucrase"],
    node: true,
  },
  machine: { to: ["bytes"] },
  transport: { to: ["bytes"], packages: ["ws"], node: true },
  storage: { to: ["bytes", "codec", "machine"], node: true },
  host: { to: ["machine", "transport"] },
  // Users find all checks in one place: scenarios of Raft's cores too, though only Raft can play them.
  testing: { to: ["bytes", "machine", "protocols/raft"], typesOf: ["storage"] },
  // What a protocol does on disks is played on disks.
  conformance: { to: ["bytes", "codec", "gen", "kernel", "machine", "protocols/*", "protocols/*/node.ts"], node: true },
  cli: {
    to: "everything",
    // The codec of a spec that a command is given is a module that is a text; `replay` is given a module of the user's.
    packages: [
      "@peculiar/x509",
      "cli-progress",
      "commander",
      "data:",
      "file:",
      "hdr-histogram-js",
      "pino",
      "reflect-metadata",
      "smol-toml",
      "yaml",
    ],
    node: true,
  },
};

/** Files that every folder may import, each with the leaves that it may import itself. */
const LEAVES: Readonly<Record<string, readonly string[]>> = {
  "address.ts": ["errors.ts"],
  "errors.ts": [],
  "http.ts": ["identity.ts"],
  "identity.ts": [],
  "limits.ts": [],
};

/** A sentence for each import that no arrow allows. `file` is a path inside `src/`, with slashes. */
export function forbiddenImports(file: string, text: string): string[] {
  const arrows = Object.hasOwn(LEAVES, file) ? { to: [] } : arrowsOf(ownerOf(file));
  if (arrows === undefined) return [`${file} lies where no arrow begins`];
  return importsOf(file, text)
    .filter((imported) => !isAllowed(file, arrows, imported))
    .map(({ name }) => `${file} imports ${name}`);
}

/** One import of a source file. */
interface Import {
  readonly name: string;
  readonly typeOnly: boolean;
}

function isAllowed(file: string, arrows: Arrows, { name, typeOnly }: Import): boolean {
  if (name.startsWith("node:")) return arrows.node === true;
  if (!name.startsWith(".")) return (arrows.packages ?? []).some((known) => isPackage(name, known));
  const target = targetOf(file, name);
  if (Object.hasOwn(LEAVES, target)) return LEAVES[file]?.includes(target) ?? true;
  const owner = ownerOf(target);
  const from = ownerOf(file);
  if (owner === from || from === `${owner}/node.ts` || arrows.to === "everything") return true;
  if (arrows.to.includes(owner) || arrows.to.includes(owner.replace(/^protocols\/\w+/, "protocols/*"))) return true;
  return typeOnly && (arrows.typesOf ?? []).includes(owner);
}

/** The file that a relative import names, as a path inside `src/`. */
export function targetOf(file: string, name: string): string {
  return new URL(name, `file:///${file}`).pathname.slice(1).replace(/\.js$/, ".ts");
}

function isPackage(name: string, known: string): boolean {
  return known.endsWith("/") ? name.startsWith(known) : name === known || name.startsWith(`${known}/`);
}

/** The room of a file. The `node.ts` files of a protocol, at any depth, form a room of their own. */
export function ownerOf(file: string): string {
  const room = /^(protocols\/[^/]+|gen\/node|[^/]+)\//.exec(file)?.[1];
  if (room === undefined) return file;
  return file.endsWith("/node.ts") ? `${room}/node.ts` : room;
}

/** The arrows of a room; undefined for an unknown one. */
export function arrowsOf(room: string): Arrows | undefined {
  if (!room.startsWith("protocols/")) return ARROWS[room];
  const isOnNode = room.endsWith("/node.ts");
  const arrows = isOnNode ? PROTOCOL_ON_NODE : PROTOCOL;
  const name = room.split("/")[1]!;
  const others = STANDS_ON[name] ?? [];
  // What stands on a protocol may open its files on Node.js as well.
  const onNode = isOnNode ? others.map((other) => `${other}/node.ts`) : [];
  const packages = isOnNode ? (PEERS[name] ?? []) : [];
  return { ...arrows, to: [...arrows.to, ...others, ...onNode], packages };
}

/** Every module that a file imports: imports, re-exports, `import()` in code and in types, `require`. */
export function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (specifier === undefined) return;
    // A computed name is kept as its expression, which no arrow allows; of a URL with a scheme, the scheme is.
    const scheme = ts.isTemplateExpression(specifier) ? /^(?:data|file):/.exec(specifier.head.text)?.[0] : undefined;
    const name = ts.isStringLiteralLike(specifier) ? specifier.text : (scheme ?? specifier.getText());
    found.push({ name, typeOnly });
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
