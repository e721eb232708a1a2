/** The programs in the README of BittrRt. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

mkdirSync("build", { recursive: true });
const folder = mkdtempSync(join(process.cwd(), "build", "bittrrt-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes the program of this name to a file inside the package, so that its imports resolve. */
function programOf(name: string): string {
  const readme = readFileSync("src/protocols/bittrrt/README.md", "utf8");
  const [, program] = new RegExp(`\`\`\`js\\n// ${name}\\n\\n?([\\s\\S]*?)\`\`\``).exec(readme) ?? [];
  expect(program?.trim().split("\n").length, `lines of ${name}`).toBeLessThanOrEqual(20);
  const file = join(folder, name);
  writeFileSync(file, program!);
  return file;
}

/** Starts a program: its output so far, and a promise of its exit. */
function start(
  name: string,
  argument: string,
): { text: () => string; process: ChildProcess; exited: Promise<unknown> } {
  const started = spawn(process.execPath, [programOf(name), argument], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  started.stdout.on("data", (bytes) => (text += String(bytes)));
  const exited = new Promise((resolve) => started.on("exit", resolve));
  return { text: () => text, process: started, exited };
}

it("the server and the client of the README talk to each other", async () => {
  const server = start("server.mjs", "127.0.0.1:0");
  await expect.poll(server.text, { timeout: 20_000 }).toMatch(/^listening at .*\n/);
  const client = start("client.mjs", /listening at (.*)\n/.exec(server.text())![1]!);
  expect(await client.exited).toBe(0);
  expect(client.text()).toMatch(
    /^connected to ctrl, up, down\nthe server waited \d+ ms for an answer at \w+\nacknowledged after \d\n$/,
  );
  server.process.kill("SIGTERM");
  expect(await server.exited).toBe(0);
  expect(server.text()).toMatch(/^listening at .*\na client is there\nit asks: \{"bwup": 30\}\n$/);
});
