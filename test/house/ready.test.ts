/** The script `ready`, which builds what is missing, and its lock. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { systemOf, withLock } from "../../scripts/ready/lock.mjs";
import { root } from "./tree.js";

const home = fileURLToPath(root);
/** A path with spaces, which a user may have too. */
const folder = mkdtempSync(join(tmpdir(), "specwire ready "));
afterAll(() => rmSync(folder, { recursive: true }));

const path = (...names: string[]) => join(folder, ...names);

/** What a process writes to stderr, and its exit code. */
async function ended(child: ChildProcess): Promise<string> {
  let said = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [code] = (await once(child, "close")) as [number | null];
  return `${said}exit ${code}`;
}

describe("ready", () => {
  const ready = (...steps: string[]) => spawn(process.execPath, [path("scripts", "ready.mjs"), ...steps], { cwd: "/" });

  // A project of one module and one program, built by the real scripts and settings.
  beforeAll(() => {
    for (const name of [
      "scripts",
      "tsup.config.ts",
      "tsconfig.json",
      "tsconfig.build.json",
      "package-lock.json",
      "src/bytes",
      "src/errors.ts",
      "src/kernel/wasm",
    ]) {
      cpSync(join(home, name), path(name), { recursive: true });
    }
    symlinkSync(join(home, "node_modules"), path("node_modules"));
    mkdirSync(path("src", "cli"));
    writeFileSync(path("src", "cli", "main.ts"), '#!/usr/bin/env node\nconsole.log("one");\n');
    const small = { ...manifest, exports: { "./bytes": manifest.exports["./bytes"] } };
    writeFileSync(path("package.json"), JSON.stringify(small));
  });

  const program = () => spawnSync(process.execPath, [path("dist", "cli", "main.js")], { encoding: "utf8" }).stdout;

  test("builds once when two processes ask at the same time, and says so", async () => {
    const said = await Promise.all([ended(ready("install", "build")), ended(ready("install", "build"))]);
    const both = said.join("\n");
    expect(both.match(/ready: building dist \(for the first time\)\n/g)).toHaveLength(1);
    expect(both.match(/exit 0/g)).toHaveLength(2);
    expect(program()).toBe("one\n");
    expect(existsSync(path("dist", "bytes", "index.d.ts"))).toBe(true);
    expect(readdirSync(path("build"))).toEqual([]);
  });

  test("does and says nothing when nothing has changed, whatever the times of files", async () => {
    utimesSync(path("src", "cli", "main.ts"), new Date(), new Date());
    expect(await ended(ready("install", "build"))).toBe("exit 0");
  });

  test("keeps the last build when the source does not compile, and says why", async () => {
    writeFileSync(path("src", "cli", "main.ts"), 'import "./missing.js";\n');
    const said = await ended(ready("build"));
    expect(said).toContain("ready: building dist (inputs have changed)\n");
    expect(said).toContain("missing.js");
    expect(said).toContain("exit 1");
    expect(program()).toBe("one\n");
  });

  test("builds again after a change of the source", async () => {
    writeFileSync(path("src", "cli", "main.ts"), '#!/usr/bin/env node\nconsole.log("two");\n');
    expect(await ended(ready("build"))).toBe("ready: building dist (inputs have changed)\nexit 0");
    expect(program()).toBe("two\n");
  });

  test("refuses an older Node.js with a sentence", async () => {
    const engines = { node: ">=99.1" };
    writeFileSync(path("package.json"), JSON.stringify({ ...manifest, engines }));
    expect(await ended(ready())).toBe(`ready: specwire needs Node >=99.1; this is ${process.version}\nexit 1`);
  });
});

describe("the lock", () => {
  const lock = path("lock", "file");
  const script = path("count.mjs");
  const counter = path("counter");

  beforeEach(() => {
    rmSync(path("lock"), { recursive: true, force: true });
    mkdirSync(path("lock"));
    writeFileSync(counter, "0");
    // Reads, waits, writes: two processes at a time would lose counts.
    writeFileSync(
      script,
      `import { readFileSync, writeFileSync } from "node:fs";
       import { setTimeout as sleep } from "node:timers/promises";
       import { withLock } from ${JSON.stringify(new URL("scripts/ready/lock.mjs", root).href)};
       for (let i = 0; i < 4; i++) {
         await withLock(${JSON.stringify(lock)}, () => {}, async () => {
           const count = Number(readFileSync(${JSON.stringify(counter)}, "utf8"));
           await sleep(5);
           writeFileSync(${JSON.stringify(counter)}, String(count + 1));
         });
       }`,
    );
  });

  async function expectCountOf(processes: number): Promise<void> {
    const said = await Promise.all(Array.from({ length: processes }, () => ended(spawn(process.execPath, [script]))));
    expect(said).toEqual(said.map(() => "exit 0"));
    expect(readFileSync(counter, "utf8")).toBe(String(4 * processes));
    expect(readdirSync(path("lock"))).toEqual([]);
  }

  test("admits one process at a time", () => expectCountOf(6));

  test("is taken over by one process from a dead one", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(lock, JSON.stringify({ pid, host: hostname(), system: systemOf(), token: "died" }));
    await expectCountOf(6);
  });

  test("is not taken from a process of another PID namespace, which may be alive", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const holder = JSON.stringify({ pid, host: hostname(), system: "another", token: "lives" });
    writeFileSync(lock, holder);
    const waits = new Promise<string>((resolve) => {
      const say = (text: string): void => {
        resolve(`${text}; ${readFileSync(lock, "utf8")}`);
        rmSync(lock);
      };
      void withLock(lock, say, () => Promise.resolve()).then(() => resolve("taken"));
    });
    expect(await waits).toBe(`waiting for process ${pid}, which holds the lock; ${holder}`);
    await expectCountOf(2);
  });

  test("is taken over when it was not touched for long, even if its process id is in use", async () => {
    writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname(), token: "reused" }));
    utimesSync(lock, new Date(0), new Date(0));
    await expectCountOf(2);
  });

  test("is taken over when it is empty and old", async () => {
    writeFileSync(lock, "");
    utimesSync(lock, new Date(0), new Date(0));
    await expectCountOf(2);
  });
});
