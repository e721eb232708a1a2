/** A pair of development KMEs in a process of its own, shared by all sessions; it ends with the last of them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
// It keeps all keys, and makes them faster than anybody asks.
const RULES = ["--dialect", "fork", "--dec-order", "request", "--max-key-count", "10000000", "--rate", "10000000"];

let running;
let sessions = 0;

/** @returns {Promise<{ urls: string[], tls: { ca: Buffer, cert: Buffer, key: Buffer }[] }>} of alice and of bob */
export async function openKmes() {
  sessions++;
  running ??= start();
  return running;
}

export async function closeKmes() {
  if (--sessions > 0) return;
  const { child, folder } = await running;
  running = undefined;
  const ended = once(child, "exit");
  child.kill();
  await ended;
  rmSync(folder, { recursive: true });
}

async function start() {
  const folder = mkdtempSync(join(tmpdir(), "specwire-bench-"));
  const args = ["qkd", "kme", "--port", "0", "--peer-port", "0", "--json", "--dir", folder, ...RULES];
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface(child.stdout);
  const [line] = await once(lines, "line");
  // Its log is read on, so that it does not wait for a reader.
  child.stdout.resume();
  const file = (name) => readFileSync(join(folder, name));
  const tls = ["alice", "bob"].map((sae) => ({
    ca: file("ca.pem"),
    cert: file(`${sae}.pem`),
    key: file(`${sae}-key.pem`),
  }));
  return { child, folder, urls: JSON.parse(line).kmes.map(({ url }) => url), tls };
}
