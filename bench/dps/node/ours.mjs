/** Three servers of dps in processes of their own, as `specwire dps serve` runs them, and a client in this one. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createDpsClient } from "specwire/dps/node";

const SERVERS = 3;
const PROGRAM = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

/** @param {string} folder of the servers, which go on with what is there */
export async function open(folder) {
  const about = join(folder, "cluster.json");
  if (!existsSync(about)) await makeCluster(folder, about);
  const { clusterId, addresses, files } = JSON.parse(readFileSync(about, "utf8"));
  const children = await Promise.all(files.map(start));
  const client = await createDpsClient({ servers: addresses, clusterId: Buffer.from(clusterId, "hex") });
  const hashes = new Map();
  const kept = join(folder, "hash");
  return {
    async put(path) {
      const { file } = await client.putPath(path, { name: "file" });
      writeFileSync(kept, file.hash);
    },
    get: (path) => client.getToPath(new Uint8Array(readFileSync(kept)), path),
    async putBytes(name, bytes) {
      const { file } = await client.put(bytes, { name });
      hashes.set(name, file.hash);
    },
    async getBytes(name) {
      const parts = [];
      for await (const part of (await client.get(hashes.get(name))).bytes) parts.push(part);
      return Buffer.concat(parts);
    },
    commit: (name) => client.touch(hashes.get(name), 86_400),
    async close() {
      await client.stop();
      await Promise.all(
        children.map(async (child) => {
          const ended = once(child, "exit");
          child.kill("SIGTERM");
          await ended;
        }),
      );
    },
  };
}

async function makeCluster(folder, about) {
  const addresses = await freeAddresses();
  const args = [PROGRAM, "dps", "init", ...addresses, "--out", folder, "--timing", "wan", "--json"];
  const made = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
  writeFileSync(about, JSON.stringify({ ...made, addresses }));
}

async function start(config) {
  const stdio = ["ignore", "pipe", "inherit"];
  const child = spawn(process.execPath, [PROGRAM, "dps", "serve", "--config", config], { stdio });
  const lines = createInterface({ input: child.stdout });
  await new Promise((resolve, reject) => {
    lines.on("line", (line) => line.startsWith("ready ") && resolve());
    child.once("exit", () => reject(new Error(`${config}: ended before it was ready`)));
  });
  return child;
}

async function freeAddresses() {
  const servers = Array.from({ length: SERVERS }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const addresses = servers.map((server) => `127.0.0.1:${server.address().port}`);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return addresses;
}
