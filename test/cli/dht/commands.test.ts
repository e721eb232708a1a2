/** The commands of the DHT: questions to servers of this process, and serve in a process of its own. */
import { createSocket } from "node:dgram";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command as Program } from "commander";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { dht as protocol } from "../../../src/cli/dht/index.js";
import { exitCodeOf } from "../../../src/cli/exit-codes.js";
import type { WireError } from "../../../src/errors.js";
import { sha1 } from "../../../src/kernel/index.js";
import { startDhtServer, type RunningDhtServer } from "../../../src/protocols/dht/node.js";
import { Command, Protocol, RpcFrames } from "../../../src/protocols/rpc/index.js";
import { bundleProgram, Program as Process, runProgram } from "../../support/program.js";

const servers: RunningDhtServer[] = [];
const folder = mkdtempSync(join(tmpdir(), "specwire-dht-"));
let bootstrap: readonly string[];

beforeAll(async () => {
  servers.push(await startDhtServer());
  const [{ address }] = servers as [RunningDhtServer];
  for (let i = 0; i < 3; i++) servers.push(await startDhtServer({ bootstrap: [address] }));
  await Promise.all(servers.map((server) => server.join()));
  bootstrap = ["--bootstrap", address, "--listen", "127.0.0.1:0"];
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true });
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs a command to its end: what it prints. */
async function dht(...args: string[]): Promise<string[]> {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const program = new Program().exitOverride();
  protocol.addCommands!(program);
  await program.parseAsync(["dht", ...args], { from: "user" });
  return lines;
}

describe("simulate", () => {
  it("tells what lookups find and cost, the same for the same run", async () => {
    const few = ["simulate", "--servers", "25", "--churn", "0.2", "--k", "6", "--lookups", "20", "--run", "7"];
    const report = JSON.parse((await dht(...few, "--json"))[0]!) as Record<string, number>;
    expect(report).toMatchObject({ servers: 25, valuesSought: 20, valuesFound: 20 });
    expect(report["recall"]).toBeGreaterThan(0.95);
    const lines = await dht(...few);
    const { recall, requestsPerLookup, idealRequestsPerLookup } = report as {
      recall: number;
      requestsPerLookup: number;
      idealRequestsPerLookup: number;
    };
    expect(lines).toContain(`${(100 * recall).toFixed(2)} % of the nearest found`);
    const times = requestsPerLookup / idealRequestsPerLookup;
    const cost = `${requestsPerLookup.toFixed(1)} requests a lookup, ${times.toFixed(2)} times as many`;
    expect(lines).toContain(`${cost} as among servers that have met all others`);
  });

  it.each(["-1", "2", "x", ""])("refuses the churn %j", async (churn) => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await expect(dht("simulate", "--churn", churn)).rejects.toThrow("share from 0 to 1");
  });
});

describe("questions", () => {
  it("ping tells the id of a server", async () => {
    const [line] = await dht("ping", servers[1]!.address);
    expect(line).toMatch(new RegExp(`^[0-9a-f]{40} ${servers[1]!.address}, [\\d.]+ ms$`));
    const [json] = await dht("ping", servers[1]!.address, "--json");
    expect(JSON.parse(json!)).toMatchObject({ address: servers[1]!.address });
  });

  it("find-node lists the nearest servers, the one with the id first", async () => {
    const { id } = await servers[0]!.ping(servers[3]!.address);
    const lines = await dht("find-node", toHex(id), ...bootstrap);
    expect(lines[0]).toContain(`${toHex(id)} ${servers[3]!.address}`);
    expect(lines.at(-1)).toMatch(/^4 servers, \d+ requests, \d+ ms$/);
  });

  it("store prints the key, and find-value writes the value", async () => {
    const [from, to] = [join(folder, "value"), join(folder, "copy")];
    const value = Buffer.from("a value of the network");
    writeFileSync(from, value);
    const [key, report] = await dht("store", from, ...bootstrap);
    expect(key).toBe(toHex(sha1(value)));
    expect(report).toBe("stored at 4 servers, refused by 0");
    const [found] = await dht("find-value", key!, ...bootstrap, "--out", to);
    expect(found).toMatch(/^22 bytes from 127\.0\.0\.1:\d+$/);
    expect(readFileSync(to)).toEqual(value);
    const [json] = await dht("find-value", key!, ...bootstrap, "--json");
    expect(JSON.parse(json!)).toMatchObject({ bytes: 22, kind: "content", isProven: true, value: toHex(value) });
  });

  it("table shows the buckets as a picture", async () => {
    const lines = await dht("table", ...bootstrap);
    expect(lines[0]).toBe("bits  contacts");
    expect(lines.slice(1, -1).every((line) => /^ +\d+ {2}■+ +[0-9a-f]{8} 127\.0\.0\.1:\d+/.test(line))).toBe(true);
    expect(lines.at(-1)).toMatch(/^4 contacts in \d buckets?$/);
    const [json] = await dht("table", ...bootstrap, "--json");
    const buckets = JSON.parse(json!) as { live: unknown[] }[];
    expect(buckets.reduce((sum, { live }) => sum + live.length, 0)).toBe(4);
  });

  it("load reports calls and latencies", async () => {
    const lines = await dht("load", ...bootstrap, "--command", "store", "--count", "20", "--json");
    expect(JSON.parse(lines[0]!)).toMatchObject({ command: "store", requests: 20, answered: 20 });
    expect(process.exitCode).toBe(0);
  });

  it("say what is wrong", async () => {
    const refused = (code: string) => expect.objectContaining({ name: "WireError", code }) as Error;
    await expect(dht("find-node", "00", ...bootstrap)).rejects.toThrow(refused("argument"));
    await expect(dht("find-node", "0".repeat(40))).rejects.toThrow(refused("argument"));
    await expect(dht("find-value", "0".repeat(40), ...bootstrap)).rejects.toThrow(refused("missing"));
    await expect(dht("ping", "127.0.0.1:9", "--timeout", "200")).rejects.toThrow(refused("timeout"));
    const nobody = ["--bootstrap", "127.0.0.1:9", "--listen", "127.0.0.1:0", "--timeout", "300"];
    await expect(dht("table", ...nobody)).rejects.toThrow(refused("timeout"));
  });
});

describe("questions to a network whose only server does not know them", () => {
  const id = sha1(Uint8Array.of(1));
  const frames = new RpcFrames();
  const socket = createSocket("udp4");
  let nobody: readonly string[];

  beforeAll(async () => {
    socket.on("message", (bytes, { address, port }) => {
      const message = frames.tryDecodeDatagram(bytes);
      if (!message.ok || message.value.meta?.command !== Command.PING) return;
      const { requestID } = message.value;
      const sender = { address: `127.0.0.1:${socket.address().port}`, id, time: 0n };
      const ack = { meta: { command: Command.ACK, protocol: Protocol.Kademlia }, sender, key: id, requestID };
      socket.send(frames.encode(ack), port, address);
    });
    await new Promise<void>((bound) => socket.bind(0, "127.0.0.1", bound));
    nobody = ["--bootstrap", `127.0.0.1:${socket.address().port}`, "--listen", "127.0.0.1:0"];
  });

  afterAll(() => void socket.close());

  it.each([["find-value"], ["find-node"], ["store"], ["table"]])("%s gives no answer", async (command) => {
    const args = command === "table" ? [] : ["0".repeat(40)];
    const error = (await dht(command, ...args, ...nobody).catch((thrown: unknown) => thrown)) as WireError;
    expect(error).toMatchObject({ name: "WireError", code: "unreachable" });
    expect(exitCodeOf(error)).toBe(2);
  });
});

describe("serve", () => {
  it("keeps its id and its values in a folder, and ends on SIGTERM", async () => {
    const program = await bundleProgram();
    const data = join(folder, "data");
    const args = ["dht", "serve", "--listen", "127.0.0.1:0", "--data", data, "--json"];
    const first = new Process(program, args);
    const { address } = (await first.line("listening", "type")) as { address: string };
    const { output } = runProgram(program, [
      "dht",
      "store",
      "00112233",
      "--bootstrap",
      address,
      "--listen",
      "127.0.0.1:0",
    ]);
    const [key] = output.split("\n");
    const { id } = await servers[0]!.ping(address);
    expect(await first.stop()).toBe(0);
    const again = new Process(program, args);
    const { address: next } = (await again.line("listening", "type")) as { address: string };
    expect((await servers[0]!.ping(next)).id).toEqual(id);
    const found = runProgram(program, [
      "dht",
      "find-value",
      key!,
      "--bootstrap",
      next,
      "--listen",
      "127.0.0.1:0",
      "--json",
    ]);
    expect(JSON.parse(found.output)).toMatchObject({ value: "00112233" });
    expect(await again.stop("SIGINT")).toBe(0);
  });
});
