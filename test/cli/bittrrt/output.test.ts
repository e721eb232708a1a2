/** `bittrrt serve`: its options, how it ends at a signal, and where its output cannot be written. */
import { mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { connectClient } from "../../../src/cli/bittrrt/load-client.js";
import { createBittrrtClient } from "../../../src/protocols/bittrrt/node.js";
import { parseAddress } from "../../../src/transport/index.js";
import { bundleProgram, Program, runProgram } from "../../support/program.js";
import { expectServing, freePort, OUTPUTS } from "../../support/server-output.js";

const SERVE = ["bittrrt", "serve", "--bind-addr", "127.0.0.1", "--bind-port", "0", "--port-ranges", "46712-46720"];

let program: string;
beforeAll(async () => (program = await bundleProgram()));

it("ends with 0 at a signal", async () => {
  const server = new Program(program, [...SERVE, "--json"]);
  await server.line("listening", "type");
  expect(await server.stop()).toBe(0);
});

it.skipIf(process.platform !== "linux")("ends with 2 and a line where its output cannot be written", () => {
  const { code, errors } = runProgram(program, SERVE, openSync("/dev/full", "w"));
  expect(errors).toBe("specwire: standard output cannot be written: ENOSPC\n");
  expect(code).toBe(2);
});

it("ends with 2 and a line where it cannot listen", () => {
  const { code, errors } = runProgram(program, ["bittrrt", "serve", "--bind-addr", "nowhere.invalid"]);
  expect(errors).toMatch(/^specwire: .+\n$/);
  expect(code).toBe(2);
});

it("listens until SIGTERM, by its options and its configuration file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bittrrt-"));
  const config = join(folder, "config");
  writeFileSync(config, "bind_addr=127.0.0.1\nbind_port=1\nport_ranges=42200-42202\n");
  const server = new Program(program, ["bittrrt", "serve", "--bind-port", "0", "--json", "--config", config]);
  const address = String((await server.line("listening", "type"))["address"]);
  expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
  const client = await createBittrrtClient({ server: address });
  expect(Object.values((await client.connect()).ports)).toEqual([42_200, 42_201, 42_202]);
  await client.stop();
  expect(await server.stop()).toBe(0);
  expect(server.logged.map(({ type }) => type)).toContain("ready");
  rmSync(folder, { recursive: true });
});

it("admits as many handshakes a second as an option says", async () => {
  const at = ["--bind-addr", "127.0.0.1", "--bind-port", "0", "--port-ranges", "27400-27499"];
  const server = new Program(program, ["bittrrt", "serve", "--json", ...at, "--handshakes", "1000"]);
  const { address } = await server.line("listening", "type");
  const to = parseAddress(String(address));
  const clients = await Promise.all(
    Array.from({ length: 30 }, () => connectClient(to, { timeoutMs: 20_000, signal: new AbortController().signal })),
  );
  for (const client of clients) client.close();
  expect(await server.stop()).toBe(0);
  const types = server.logged.map(({ type }) => type);
  expect([types.filter((type) => type === "ready").length, types.includes("refused")]).toEqual([30, false]);
});

it.skipIf(process.platform !== "linux").each(OUTPUTS)(
  "goes on with an output %s, and ends at a signal",
  async (how) => {
    const port = await freePort();
    const at = ["--bind-addr", "127.0.0.1", "--bind-port", `${port}`, "--port-ranges", `${port + 1}-${port + 9}`];
    const ping = ["bittrrt", "ping", `127.0.0.1:${port}`, "-c", "1", "-i", "20"];
    await expectServing(program, ["bittrrt", "serve", "--json", ...at], how, async () => {
      while (runProgram(program, ping).code !== 0) await new Promise((resolve) => setTimeout(resolve, 50));
    });
  },
);

it("answers with --reference the form of heartbeats that its option names", async () => {
  const server = new Program(program, [...SERVE, "--json", "--reference", "--heartbeat", "text"]);
  const { address } = await server.line("listening", "type");
  const ping = runProgram(program, ["bittrrt", "ping", String(address), "-c", "1", "-i", "20", "--json", "--text"]);
  const { answered } = JSON.parse(ping.output) as { answered: number };
  expect(answered).toBeGreaterThan(0);
  expect(await server.stop()).toBe(0);
});
