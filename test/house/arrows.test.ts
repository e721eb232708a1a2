/** Imports between the folders of `src/`: none against the arrows, and no circle. */
import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { arrowsOf, forbiddenImports, importsOf, ownerOf, targetOf } from "./arrows.js";
import { filesOf, root } from "./tree.js";

const src = new URL("src/", root);

/** The text of every source file, by its path inside `src/`. */
const files = new Map(
  filesOf(src)
    .filter(({ pathname }) => pathname.endsWith(".ts"))
    .map((file) => [relative(src.pathname, file.pathname).split(sep).join("/"), readFileSync(file, "utf8")]),
);

describe("import arrows", () => {
  test("allow every import of the source", () => {
    expect(files.size).toBeGreaterThan(20);
    expect([...files].flatMap(([file, text]) => forbiddenImports(file, text))).toEqual([]);
  });

  test("form no circle of rooms", () => {
    const rooms = [...new Set([...files.keys()].filter((file) => file.includes("/")).map(ownerOf))];
    const next = (room: string): string[] => {
      const { to } = arrowsOf(room)!;
      if (to === "everything") return rooms.filter((other) => other !== room);
      return rooms.filter((other) => to.includes(other) || to.includes(other.replace(/^(protocols)\/\w+$/, "$1/*")));
    };
    expect(circleIn(rooms, next)).toEqual([]);
  });

  test("form no circle of files, not even by types", () => {
    const next = (file: string): string[] =>
      importsOf(file, files.get(file)!)
        .filter(({ name }) => name.startsWith("."))
        .map(({ name }) => targetOf(file, name))
        .filter((target) => files.has(target));
    expect(circleIn([...files.keys()], next)).toEqual([]);
  });

  test("a planted circle is found", () => {
    const graph: Record<string, string[]> = { a: ["b"], b: ["c"], c: ["d", "b"], d: [] };
    expect(circleIn(Object.keys(graph), (name) => graph[name]!)).toEqual(["b", "c", "b"]);
  });
});

/** The first circle of a graph, which ends with the name that it begins with; empty for a graph without one. */
function circleIn(names: readonly string[], next: (name: string) => readonly string[]): readonly string[] {
  const done = new Set<string>();
  const walk = (name: string, path: readonly string[]): readonly string[] => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return [];
    for (const other of next(name)) {
      const circle = walk(other, [...path, name]);
      if (circle.length > 0) return circle;
    }
    done.add(name);
    return [];
  };
  return names.map((name) => walk(name, [])).find((circle) => circle.length > 0) ?? [];
}

describe("a planted violation is found", () => {
  test.each([
    ["machine/a.ts", `import { tcp } from "../transport/index.js";`],
    ["machine/a.ts", `import { run } from "../host/index.js";`],
    ["machine/a.ts", `import { readFile } from "node:fs/promises";`],
    ["machine/a.ts", `import "fs";`],
    ["codec/a.ts", `import { md5 } from "../kernel/index.js";`],
    ["codec/deeper/a.ts", `export * from "../../kernel/index.js";`],
    ["transport/a.ts", `import type { Machine } from "../machine/index.js";`],
    ["protocols/one/a.ts", `import { frame } from "../two/index.js";`],
    ["protocols/dht/a.ts", `import { RaftMachine } from "../raft/index.js";`],
    ["protocols/rpc/a.ts", `import { DhtMachine } from "../dht/index.js";`],
    ["protocols/one/a.ts", `import { startNode } from "./node.js";`],
    ["protocols/one/node.ts", `import { frame } from "../two/index.js";`],
    ["protocols/one/a.ts", `import { openWallet } from "./wallet/node.js";`],
    ["protocols/one/deeper/a.ts", `import { readFile } from "node:fs/promises";`],
    ["machine/deeper/node.ts", `import { readFile } from "node:fs/promises";`],
    ["protocols/one/a.ts", `const fs = await import("node:fs");`],
    ["protocols/one/a.ts", `export type Server = import("node:net").Server;`],
    ["protocols/one/a.ts", `import fs = require("node:fs");`],
    ["protocols/one/a.ts", `const fs = require("node:fs");`],
    ["protocols/one/a.ts", `const any = await import(name);`],
    ["gen/a.ts", "const any = await import(`data:text/javascript,${code}`);"],
    ["protocols/one/a.ts", `import { sha256 } from "@noble/hashes/sha2.js";`],
    ["protocols/one/a.ts", `import { x25519 } from "@noble/curves/ed25519.js";`],
    ["protocols/one/a.ts", `import { parse } from "yaml";`],
    ["host/a.ts", `import { main } from "../cli/main.js";`],
    ["bytes/a.ts", `import { DEFAULT } from "../codec/index.js";`],
    ["errors.ts", `import { toHex } from "./bytes/index.js";`],
    ["limits.ts", `import { WireError } from "./errors.js";`],
    ["testing/a.ts", `import { run } from "../host/index.js";`],
    ["testing/a.ts", `import { type Disk, memoryDisk } from "../storage/index.js";`],
  ])("%s: %s", (file, text) => {
    expect(forbiddenImports(file, text)).toHaveLength(1);
  });

  test("in a folder that the table does not name", () => {
    expect(forbiddenImports("utils/a.ts", "export {};")).toHaveLength(1);
  });
});

test.each([
  ["machine/a.ts", `import { WireError } from "../errors.js"; import { own } from "../bytes/index.js";`],
  [
    "protocols/one/node.ts",
    `import { run } from "../../host/index.js"; import { step } from "./machine.js"; import "node:os";`,
  ],
  ["protocols/one/deeper/node.ts", `import { rename } from "node:fs/promises"; import { start } from "../node.js";`],
  ["testing/a.ts", `import type { Disk } from "../storage/index.js"; import { type Disk } from "../storage/index.js";`],
  ["protocols/dht/core/a.ts", `import { RpcEndpoint } from "../../rpc/index.js";`],
  ["kernel/a.ts", `import { x25519 } from "@noble/curves/ed25519.js";`],
  ["kernel/deeper/a.ts", `import { sha256 } from "@noble/hashes/sha2.js";`],
])("an allowed import passes, %s: %s", (file, text) => {
  expect(forbiddenImports(file, text)).toEqual([]);
});
