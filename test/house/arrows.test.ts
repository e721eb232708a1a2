import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { arrowsOf, forbiddenImports, importsOf, ownerOf, targetOf } from "./arrows.js";
import { filesOf, root } from "./tree.js";

const src = new URL("src/", root);

/** Every source file by its path inside src/, with its text. */
const files = new Map(
  filesOf(src)
    .filter(({ pathname }) => pathname.endsWith(".ts"))
    .map((file) => [relative(src.pathname, file.pathname).split(sep).join("/"), readFileSync(file, "utf8")]),
);

describe("import arrows", () => {
  test("every import of the source follows one", () => {
    expect(files.size).toBeGreaterThan(20);
    expect([...files].flatMap(([file, text]) => forbiddenImports(file, text))).toEqual([]);
  });

  test("no room reaches itself over others", () => {
    const rooms = [...new Set([...files.keys()].filter((file) => file.includes("/")).map(ownerOf))];
    const next = (room: string): string[] => {
      const { to } = arrowsOf(room)!;
      if (to === "everything") return rooms.filter((other) => other !== room);
      return rooms.filter((other) => to.includes(other) || to.includes(other.replace(/^(protocols)\/\w+$/, "$1/*")));
    };
    expect(circleIn(rooms, next)).toEqual([]);
  });

  test("no file reaches itself over others, not even by types", () => {
    const next = (file: string): string[] =>
      importsOf(file, files.get(file)!)
        .filter(({ name }) => name.startsWith("."))
        .map(({ name }) => targetOf(file, name))
        .filter((target) => files.has(target));
    expect(circleIn([...files.keys()], next)).toEqual([]);
  });

  test("a circle is found", () => {
    const graph: Record<string, string[]> = { a: ["b"], b: ["c"], c: ["d", "b"], d: [] };
    expect(circleIn(Object.keys(graph), (name) => graph[name]!)).toEqual(["b", "c", "b"]);
  });
});

/** The first circle of a graph, its first name repeated at its end; empty where there is none. */
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

describe("a planted violation is caught", () => {
  test.each([
    ["machine/a.ts", `import { tcp } from "../transport/index.js";`],
    ["machine/a.ts", `import { run } from "../host/index.js";`],
    ["machine/a.ts", `import { readFile } from "node:fs/promises";`],
    ["machine/a.ts", `import "fs";`],
    ["codec/a.ts", `import { md5 } from "../kernel/index.js";`],
    ["codec/deeper/a.ts", `export * from "../../kernel/index.js";`],
    ["transport/a.ts", `import type { Machine } from "../machine/index.js";`],
    ["protocols/raida/a.ts", `import { frame } from "../rpc/index.js";`],
    ["protocols/raida/a.ts", `import { startNode } from "./node.js";`],
    ["protocols/raida/node.ts", `import { frame } from "../bittrrt/index.js";`],
    ["protocols/raida/a.ts", `import { openWallet } from "./wallet/node.js";`],
    ["protocols/raida/deeper/a.ts", `import { readFile } from "node:fs/promises";`],
    ["machine/deeper/node.ts", `import { readFile } from "node:fs/promises";`],
    ["protocols/raida/a.ts", `const fs = await import("node:fs");`],
    ["protocols/raida/a.ts", `export type Server = import("node:net").Server;`],
    ["protocols/raida/a.ts", `import fs = require("node:fs");`],
    ["protocols/raida/a.ts", `const fs = require("node:fs");`],
    ["protocols/raida/a.ts", `const any = await import(name);`],
    ["protocols/raida/a.ts", `import { sha256 } from "@noble/hashes/sha2.js";`],
    ["host/a.ts", `import { main } from "../cli/main.js";`],
    ["bytes/a.ts", `import { DEFAULT } from "../codec/index.js";`],
    ["errors.ts", `import { toHex } from "./bytes/index.js";`],
    ["limits.ts", `import { WireError } from "./errors.js";`],
    ["testing/a.ts", `import { run } from "../host/index.js";`],
    ["testing/a.ts", `import { type Disk, memoryDisk } from "../storage/index.js";`],
  ])("%s: %s", (file, text) => {
    expect(forbiddenImports(file, text)).toHaveLength(1);
  });

  test("also a folder that the table does not name", () => {
    expect(forbiddenImports("utils/a.ts", "export {};")).toHaveLength(1);
  });
});

test.each([
  ["machine/a.ts", `import { WireError } from "../errors.js"; import { own } from "../bytes/index.js";`],
  [
    "protocols/raida/node.ts",
    `import { run } from "../../host/index.js"; import { step } from "./machine.js"; import "node:os";`,
  ],
  ["protocols/raida/deeper/node.ts", `import { rename } from "node:fs/promises"; import { start } from "../node.js";`],
  ["testing/a.ts", `import type { Disk } from "../storage/index.js"; import { type Disk } from "../storage/index.js";`],
  ["kernel/deeper/a.ts", `import { sha256 } from "@noble/hashes/sha2.js";`],
])("an allowed import passes, %s: %s", (file, text) => {
  expect(forbiddenImports(file, text)).toEqual([]);
});
