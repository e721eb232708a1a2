/** The commands of RPC: ping, call and load against peers of this process, and serve in a process of its own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command as Program } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { rpc as protocol } from "../../../src/cli/rpc/index.js";
import { addCommands, loadersOf } from "../../../src/cli/program.js";
import { fromHex } from "../../../src/bytes/index.js";
import { Command } from "../../../src/protocols/rpc/index.js";
import { createRpcClient, startRpcServer, type StartRpcServerOptions } from "../../../src/protocols/rpc/node.js";
import { bundleProgram, Program as Process, runProgram } from "../../support/program.js";

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs a command to its end: what it prints, and its exit code. */
async function rpc(...args: string[]): Promise<{ lines: readonly string[]; exitCode: unknown }> {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const program = new Program().exitOverride();
  await addCommands(program, loadersOf(protocol));
  await program.parseAsync(["rpc", ...args], { from: "user" });
  return { lines, exitCode: process.exitCode };
}

const ID = new Uint8Array(20).fill(0xab);

async function withServer<T>(use: (address: string) => Promise<T>, options: StartRpcServerOptions = {}): Promise<T> {
  const kept = new Map<string, Uint8Array>();
  const nameOf = (key: Uint8Array): string => key.join();
  const values = {
    has: (key: Uint8Array) => kept.has(nameOf(key)),
    get: (key: Uint8Array) => kept.get(nameOf(key)),
    put: (key: Uint8Array, value: Uint8Array) => void kept.set(nameOf(key), value),
  };
  const server = await startRpcServer({ id: ID, values, ...options });
  try {
    return await use(server.address);
  } finally {
    await server.stop();
  }
}

const code = (one: string) => expect.objectContaining({ name: "WireError", code: one }) as Error;

describe("ping", () => {
  it.each([[], ["--udp"]])("prints each answer and a summary %j", async (...more) => {
    await withServer(async (address) => {
      const { lines, exitCode } = await rpc("ping", address, "-c", "3", "-i", "5", ...more);
      expect(lines).toHaveLength(5);
      for (const line of lines.slice(0, 3)) {
        expect(line).toMatch(new RegExp(`^${address} ${"ab".repeat(20)}: \\d+\\.\\d\\d ms$`));
      }
      expect(lines[3]).toBe("3 sent, 3 answered, 0.0 % lost");
      expect(lines[4]).toMatch(/^min\/avg\/max [\d.]+\/[\d.]+\/[\d.]+ ms$/);
      expect(exitCode).toBe(0);
    });
  });

  it("reports as JSON, also with the other framing", async () => {
    const options = { framing: "uint32be" } as const;
    const { lines } = await withServer(
      (address) => rpc("ping", address, "-c", "2", "-i", "5", "--framing", "uint32be", "--json"),
      options,
    );
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ sent: 2, answered: 2, lossPercent: 0 });
  });

  it("ends with the last error when nobody answers", async () => {
    await expect(rpc("ping", "127.0.0.1:9", "-c", "2", "-i", "1")).rejects.toThrow(code("unreachable"));
    await expect(rpc("ping", "nowhere", "-c", "2")).rejects.toThrow(code("argument"));
  });

  it("counts what is lost", async () => {
    const handlers = { [Command.PING]: () => undefined };
    await withServer(
      async (address) => {
        await expect(rpc("ping", address, "-c", "1", "-W", "50")).rejects.toThrow(code("timeout"));
      },
      { handlers },
    );
  });
});

describe("call", () => {
  it("stores and gets", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rpc-"));
    const file = join(folder, "value");
    writeFileSync(file, "a value in a file");
    await withServer(async (address) => {
      const stored = await rpc("call", address, "store", "--key", "00ff", "--value", file);
      expect(stored.lines[0]).toMatch(new RegExp(`^ACK from ${address}, [\\d.]+ ms$`));
      expect(stored.lines.slice(1)).toEqual(["code done"]);
      expect((await rpc("call", address, "STORE", "--key", "00ff", "--value", file)).lines[1]).toBe("code already");
      const got = await rpc("call", address, "get", "--key", "00ff");
      expect(got.lines.slice(1)).toEqual(["key 00ff", `value ${Buffer.from("a value in a file").toString("hex")}`]);
      const json = await rpc("call", address, "get", "--key", "00ff", "--json");
      expect(JSON.parse(json.lines.join("\n"))).toMatchObject({ peer: address, command: "VALUE", key: "00ff" });
      const written: unknown[] = [];
      vi.spyOn(process.stdout, "write").mockImplementation((bytes) => written.push(bytes) > 0);
      await rpc("call", address, "get", "--key", "00ff", "--raw", "--udp");
      expect(Buffer.from(written[0] as Uint8Array).toString()).toBe("a value in a file");
    });
    rmSync(folder, { recursive: true });
  });

  it("shows the peers of an answer, so that none can control the terminal", async () => {
    const nodes = [{ address: "evil\u001b[2J", id: ID }];
    const handlers = { [Command.FIND_NODE]: () => ({ command: Command.NODES, nodes, value: new Uint8Array(100) }) };
    const { lines } = await withServer((address) => rpc("call", address, "find_node", "--key", "01"), { handlers });
    expect(lines.slice(1)).toEqual([
      `value ${"00".repeat(64)}… (100 bytes)`,
      `node ${"ab".repeat(20)} ${JSON.stringify(nodes[0]!.address)}`,
    ]);
  });

  it("says what is refused", async () => {
    await withServer(async (address) => {
      await expect(rpc("call", address, "get", "--key", "05")).rejects.toThrow("notFound");
      await expect(rpc("call", address, "99")).rejects.toThrow("unsupported");
      for (const bad of ["none", "-1", "2147483648"]) {
        await expect(rpc("call", address, "--", bad)).rejects.toThrow(code("argument"));
      }
      const folder = mkdtempSync(join(tmpdir(), "rpc-"));
      const large = join(folder, "large");
      writeFileSync(large, new Uint8Array(65_536));
      const store = rpc("call", address, "store", "--key", "01", "--value", large);
      await expect(store).rejects.toThrow(code("limit"));
      rmSync(folder, { recursive: true });
    });
    await expect(rpc("call", "127.0.0.1:9", "ping")).rejects.toThrow(code("unreachable"));
  });
});

describe("load", () => {
  interface Report {
    readonly requests: number;
    readonly answered: number;
    readonly answers: Readonly<Record<string, number>>;
    readonly failures: Readonly<Record<string, number>>;
  }
  const load = async (...args: string[]): Promise<{ report: Report; exitCode: unknown }> => {
    const { lines, exitCode } = await rpc("load", ...args, "--json");
    return { report: JSON.parse(lines.join("\n")) as Report, exitCode };
  };

  it.each([
    ["ping", "ACK", []],
    ["store", "ACK", ["--udp"]],
    ["get", "VALUE", ["--connections", "3"]],
  ])("counts the answers to %s as %s", async (command, answer, more) => {
    await withServer(async (address) => {
      const asked = ["--command", command, "--count", "300", "--in-flight", "30", ...more];
      const { report, exitCode } = await load(address, ...asked);
      expect(report).toMatchObject({ command, requests: 300, answered: 300, answers: { [answer]: 300 }, failures: {} });
      expect(exitCode).toBe(0);
    });
  });

  it("tells what is refused from what is not answered", async () => {
    const refusing = {
      has: () => false,
      get: () => undefined,
      put: () => {
        throw new Error("no");
      },
    };
    await withServer(
      async (address) => {
        const { report } = await load(address, "--command", "store", "--count", "10");
        expect(report).toMatchObject({ answered: 10, answers: { failed: 10 }, failures: {} });
        const { report: large, exitCode } = await load(address, "--size", "70000", "--count", "10");
        expect([large.failures, exitCode]).toEqual([{ limit: 10 }, 2]);
      },
      { values: refusing },
    );
  });

  it("does not begin for an address that is none", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { lines, exitCode } = await rpc("load", "127.0.0.1", "--count", "10");
    expect([lines, exitCode]).toEqual([[], 2]);
  });

  it("prints a report, and ends after its duration", async () => {
    const { lines, exitCode } = await withServer((address) => rpc("load", address, "--duration", "1"));
    expect(lines[0]).toMatch(/^ping of 100 bytes at 127\.0\.0\.1:\d+ over tcp, 64 in flight, \d+ ms$/);
    expect(lines[1]).toMatch(/^(\d+) of \1 requests answered, \d+ a second$/);
    expect(exitCode).toBe(0);
  });
});

describe("the program", { timeout: 60_000 }, () => {
  it("serves until a signal, and prints what it is asked", async () => {
    const file = await bundleProgram();
    const server = new Process(file, ["rpc", "serve", "--listen", "127.0.0.1:0", "--values-mib", "1", "--json"]);
    const { address } = (await server.line("listening", "type")) as { address: string };
    const client = createRpcClient();
    const key = fromHex("0102");
    expect((await client.ping(address)).id).toHaveLength(20);
    expect(await client.store(address, key, new Uint8Array(1_000))).toBe(true);
    expect(await client.get(address, key)).toHaveLength(1_000);
    const full = async (): Promise<void> => {
      for (let i = 0; i < 30; i++) await client.store(address, Uint8Array.of(i), new Uint8Array(60_000));
    };
    await expect(full()).rejects.toThrow("full");
    // Entries count too: 2,500 of one byte would take more than is left.
    const short = Array.from({ length: 2_500 }, (_, i) => client.store(address, Uint8Array.of(7, i >> 8, i), key));
    expect((await Promise.allSettled(short)).some(({ status }) => status === "rejected")).toBe(true);
    expect(runProgram(file, ["rpc", "ping", address, "-c", "1"])).toMatchObject({ code: 0, errors: "" });
    expect(runProgram(file, ["rpc", "call", address, "get", "--key", "09ff"]).code).toBe(1);
    expect(runProgram(file, ["rpc", "call", "127.0.0.1:9", "ping"]).code).toBe(2);
    expect(runProgram(file, ["rpc", "serve", "--listen", address]).code).toBe(2);
    const store = await server.line("request", "type");
    expect(store).toMatchObject({ command: "PING", valueBytes: 0 });
    await client.stop();
    expect(await server.stop("SIGINT")).toBe(0);
    expect(server.logged.filter(({ command }) => command === "STORE")[0]).toMatchObject({
      key: "0102",
      valueBytes: 1_000,
    });
  });
});
