import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { ARROWS, forbiddenImports } from "./arrows.js";
import { filesOf, root } from "./tree.js";

const src = new URL("src/", root);

describe("import arrows", () => {
  test("every import of the source follows one", () => {
    const files = filesOf(src).filter((file) => file.pathname.endsWith(".ts"));
    expect(files.length).toBeGreaterThan(20);
    const wrong = files.flatMap((file) => {
      const name = relative(src.pathname, file.pathname).split(sep).join("/");
      return forbiddenImports(name, readFileSync(file, "utf8"));
    });
    expect(wrong).toEqual([]);
  });

  test("no two folders import each other", () => {
    const reach = (from: string, seen = new Set<string>()): Set<string> => {
      const arrows = ARROWS[from]!.to;
      const next = arrows === "everything" ? Object.keys(ARROWS).filter((folder) => folder !== from) : arrows;
      for (const to of next) if (!seen.has(to)) reach(to, seen.add(to));
      return seen;
    };
    for (const folder of Object.keys(ARROWS)) expect(reach(folder)).not.toContain(folder);
  });
});

describe("a planted violation is caught", () => {
  test.each([
    ["machine/a.ts", `import { tcp } from "../transport/index.js";`],
    ["machine/a.ts", `import { run } from "../host/index.js";`],
    ["machine/a.ts", `import { readFile } from "node:fs/promises";`],
    ["machine/a.ts", `import "fs";`],
    ["codec/a.ts", `import { md5 } from "../kernel/index.js";`],
    ["codec/deeper/a.ts", `export * from "../../kernel/index.js";`],
    ["transport/a.ts", `import type { Machine } from "../machine/index.js";`],
    ["raida/a.ts", `import { frame } from "../rpc/index.js";`],
    ["raida/a.ts", `import { startNode } from "./node.js";`],
    ["raida/node.ts", `import { frame } from "../bittrrt/index.js";`],
    ["raida/a.ts", `import { openWallet } from "./wallet/node.js";`],
    ["raida/deeper/a.ts", `import { readFile } from "node:fs/promises";`],
    ["machine/deeper/node.ts", `import { readFile } from "node:fs/promises";`],
    ["raida/a.ts", `const fs = await import("node:fs");`],
    ["raida/a.ts", `export type Server = import("node:net").Server;`],
    ["raida/a.ts", `import fs = require("node:fs");`],
    ["raida/a.ts", `const fs = require("node:fs");`],
    ["raida/a.ts", `const any = await import(name);`],
    ["raida/a.ts", `import { sha256 } from "@noble/hashes/sha2.js";`],
    ["host/a.ts", `import { main } from "../cli/main.js";`],
    ["bytes/a.ts", `import { DEFAULT } from "../codec/index.js";`],
    ["errors.ts", `import { toHex } from "./bytes/index.js";`],
    ["limits.ts", `import { WireError } from "./errors.js";`],
    ["testing/a.ts", `import { run } from "../host/index.js";`],
    ["testing/a.ts", `import { type Disk, run } from "../host/index.js";`],
  ])("%s: %s", (file, text) => {
    expect(forbiddenImports(file, text)).toHaveLength(1);
  });

  test("also a folder that the table does not name", () => {
    expect(forbiddenImports("utils/a.ts", "export {};")).toHaveLength(1);
  });
});

test.each([
  ["machine/a.ts", `import { WireError } from "../errors.js"; import { own } from "../bytes/index.js";`],
  ["raida/node.ts", `import { run } from "../host/index.js"; import { step } from "./machine.js"; import "node:os";`],
  ["raida/deeper/node.ts", `import { rename } from "node:fs/promises"; import { start } from "../node.js";`],
  ["testing/a.ts", `import type { Disk } from "../host/index.js"; import { type Clock } from "../host/index.js";`],
  ["kernel/deeper/a.ts", `import { sha256 } from "@noble/hashes/sha2.js";`],
])("an allowed import passes, %s: %s", (file, text) => {
  expect(forbiddenImports(file, text)).toEqual([]);
});
