/** `raida serve`: its configuration, its log, and how it ends. */
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { concatBytes } from "../../../src/bytes/index.js";
import { LOG_LEVELS } from "../../../src/cli/log-levels.js";
import { readServeConfig } from "../../../src/cli/raida/serve-config.js";
import { Counts, openLog } from "../../../src/cli/raida/serve-log.js";
import { isWireError } from "../../../src/errors.js";
import { openPageFileDisk, type Disk } from "../../../src/storage/index.js";
import {
  AN_BYTES,
  AuthCommand,
  CommandGroup,
  HealingCommand,
  POWN_UNKNOWN,
  Status,
  StatusCommand,
  coinFileName,
  offsetOf,
  pageKey,
  writeCoinFile,
} from "../../../src/protocols/raida/index.js";
import { COIN_PAGE_FILES, coinDisk, putCoins, startRaidaServer } from "../../../src/protocols/raida/node.js";
import { bodyOf, nameOf, request } from "../../protocols/raida/harness.js";
import { seal } from "../../protocols/raida/node-crypto.js";
import { bundleProgram, Program } from "../../support/program.js";

const PEERS = Array.from({ length: 25 }, (_, id) => `"127.0.0.1:${25_000 + id}"`).join(", ");
const ADMIN_KEY = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf";
const WHOLE = `# As a C server has it.
[server]
raida_id = 3
coin_id = 6
port = 0
admin_key = "${ADMIN_KEY}"
proxy_key = "b0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
threads = 4
backup_freq = 10
integrity_freq = 300
synchronization_enabled = false
udp_effective_payload = 1400
proxy_addr = "127.0.0.1"
proxy_port = 1
btc_confirmations = 2
root_path = "/opt/raida"
raida_servers = [${PEERS}]
`;

const root = mkdtempSync(join(tmpdir(), "serve-"));
let program: string;
beforeAll(async () => (program = await bundleProgram()));
afterAll(() => {
  rmSync(root, { recursive: true });
});

let files = 0;
function fileOf(toml: string): string {
  const path = join(root, `${files++}.toml`);
  writeFileSync(path, toml);
  return path;
}

/** The error message for a configuration, without its path. */
function refusal(toml: string, id?: number): string {
  try {
    readServeConfig(fileOf(toml), id);
  } catch (error) {
    if (isWireError(error)) return error.message.replaceAll(`${root}/`, "").replace(/\d+\.toml/, "FILE");
    throw error;
  }
  throw new Error("it was accepted");
}

describe("a configuration", () => {
  it("is that of a C server, and reports the keys that have no meaning here", () => {
    const config = readServeConfig(fileOf(WHOLE), undefined);
    expect(config.options).toMatchObject({ raidaId: 3, coinId: 6, listen: "0.0.0.0:0", datagramBytesMax: 1_400 });
    expect(config.options.peers).toHaveLength(25);
    expect(Buffer.from(config.options.adminKey!).toString("hex")).toBe(ADMIN_KEY);
    expect(config).toMatchObject({ data: undefined, logLevel: "info", logFile: undefined, workers: 0 });
    expect(config.ignored).toHaveLength(9);
  });

  it("may serve all servers, each with its own id, port and folders", () => {
    const shared = `[server]\nraida_servers = [${PEERS}]\n[specwire]\ndata = "data/{id}"\nlog_file = "logs/{id}.log"\n`;
    const config = readServeConfig(fileOf(shared), 7);
    expect(config.options).toMatchObject({ raidaId: 7, listen: "0.0.0.0:25007" });
    expect(config).toMatchObject({ data: join(root, "data/7"), logFile: join(root, "logs/7.log") });
  });

  it("has separate tables for our own keys and limits", () => {
    const own = `[specwire]\nhost = "::1"\nlog_level = "debug"\nthreshold = 13\nticket_slots = 9\nprofile = "reference"\nworkers = 2
kinds = ["c-server", "specwire"]
type45_layout = "natural"
tickets_per_prefix_max = 7
fixes_max = 8
fixes_per_prefix_max = 2
[specwire.limits]\nlinks_max = 10\nframe_timeout_ms = 1_000\n`;
    const { options, logLevel, workers } = readServeConfig(fileOf(WHOLE + own), undefined);
    expect(options).toMatchObject({ listen: "[::1]:0", threshold: 13, ticketSlots: 9, profile: "reference" });
    expect(options).toMatchObject({
      kinds: ["c-server", "specwire"],
      type45Layout: "natural",
      ticketsPerPrefixMax: 7,
      fixesMax: 8,
      fixesPerPrefixMax: 2,
    });
    expect([options.limits, logLevel]).toEqual([{ linksMax: 10, frameTimeoutMs: 1_000 }, "debug"]);
    expect(workers).toBe(2);
  });

  const bare = `[server]\nraida_servers = [${PEERS}]\n`;
  it.each([
    ["an unknown key", `${WHOLE}treads = 4\n`, /^config\.server\.treads: .*unknown.*\(FILE:18\)$/],
    ["an unknown limit", `${bare}[specwire.limits]\nlink_max = 1\n`, /limits\.link_max: .*\(FILE:4\)$/],
    ["an unknown table", `${bare}[proxy]\nport = 1\n`, /^config\.proxy: .*\(FILE:3\)$/],
    ["a key outside of the tables", `port = 1\n${bare}`, /^config\.port: .*\(FILE:1\)$/],
    ["the same name in another table", `${bare}[specwire]\nport = 1\n`, /specwire\.port: .*\(FILE:4\)$/],
    ["a number that is none", WHOLE.replace("coin_id = 6", 'coin_id = "6"'), /coin_id: .*0 to 65535.*\(FILE:4\)$/],
    ["a number out of range", WHOLE.replace("raida_id = 3", "raida_id = 25"), /raida_id: .*0 to 24.*\(FILE:3\)$/],
    ["24 servers", bare.replace('"127.0.0.1:25000", ', ""), /raida_servers: .*25 texts.*\(FILE:2\)$/],
    ["a server without a port", bare.replace(":25000", ""), /raida_servers: .*\(FILE:2\)$/],
    ["no servers", "[server]\nport = 1\n", /raida_servers: .*got none \(FILE:1\)$/],
    ["a table that is none", "server = 5\n", /server: .*a table.*\(FILE:1\)$/],
    ["more workers than there may be", `${bare}[specwire]\nworkers = 65\n`, /workers: .*0 to 64.*\(FILE:4\)$/],
    ["a level that is none", `${bare}[specwire]\nlog_level = "loud"\n`, /log_level: .*silent, error.*\(FILE:4\)$/],
  ])("is refused for %s, with the line", (_, toml, message) => {
    expect(refusal(toml, toml.includes("raida_id") ? undefined : 0)).toMatch(message);
  });

  it("is refused without an id, or with another id than --id", () => {
    expect(refusal(bare)).toMatch(/raida_id: .*by --id, got none \(FILE:1\)$/);
    expect(refusal(WHOLE, 4)).toMatch(/raida_id: .*the 4 of --id, or no key, got 3 \(FILE:3\)$/);
  });

  it("is refused without quoting secrets", () => {
    const messages = [
      refusal(WHOLE.replace(`"${ADMIN_KEY}"`, `"${ADMIN_KEY}00"`)),
      refusal(WHOLE.replace(`"${ADMIN_KEY}"`, ADMIN_KEY)),
      refusal(WHOLE.replace(`"${ADMIN_KEY}"`, `"${ADMIN_KEY}`)),
    ];
    for (const message of messages) {
      expect(message).toMatch(/\(FILE:6\)$/);
      expect(message).not.toContain(ADMIN_KEY.slice(0, 8));
    }
  });
});

describe("specwire raida serve", () => {
  const config = (more = ""): string => fileOf(`${WHOLE}[specwire]\nhost = "127.0.0.1"\n${more}`);

  it("answers over TCP and UDP at one port, warns once, and exits with 0 at a signal", async () => {
    const server = new Program(program, ["raida", "serve", "--id", "3", "--config", config('log_level = "debug"\n')]);
    const { address } = await server.line("listening");
    const { hostname, port } = new URL(`tcp://${String(address)}`);
    const echo = request(CommandGroup.status, StatusCommand.echo, bodyOf());
    const socket = connect(Number(port), hostname, () => socket.write(echo));
    const [byTcp] = (await once(socket, "data")) as [Buffer];
    const datagrams = createSocket("udp4");
    datagrams.send(echo, Number(port), hostname);
    const [byUdp] = (await once(datagrams, "message")) as [Buffer];
    datagrams.close();
    expect([byTcp[2], byUdp[2]]).toEqual([Status.success, Status.success]);
    expect(await server.stop("SIGINT")).toBe(0);
    expect(server.errors).toBe("");
    const messages = server.logged.map(({ level, msg }) => `${String(level)} ${String(msg)}`);
    expect(messages.filter((message) => message.startsWith("warn keys"))).toHaveLength(1);
    expect(messages.filter((message) => message === "debug answered")).toHaveLength(2);
    expect(messages.slice(-2)).toEqual(["info traffic", "info stopped"]);
    expect(server.logged.at(-2)).toMatchObject({ raida: 3, answered: 2, suppressed: 0, dropped: 0 });
  });

  it("reports why it cannot serve, and exits with 2", async () => {
    const taken = new Program(program, ["raida", "serve", "--config", config()]);
    const { address } = await taken.line("listening");
    const { port } = new URL(`tcp://${String(address)}`);
    const same = fileOf(`${WHOLE.replace("port = 0", `port = ${port}`)}[specwire]\nhost = "127.0.0.1"\n`);
    const runs = [
      [["--config", same], "EADDRINUSE"],
      [["--config", join(root, "none.toml")], "ENOENT"],
      [["--config", config('key_coins = "none"\n')], "ENOENT"],
      [["--config", config(`log_file = "${root}"\n`)], "EISDIR"],
      [["--config", config(), "--id", "25"], "0 to 24"],
    ] as const;
    for (const [args, why] of runs) {
      const refused = new Program(program, ["raida", "serve", ...args]);
      expect(await refused.ended()).toBe(2);
      expect(refused.errors).toContain(why);
    }
    expect(await taken.stop()).toBe(0);
  });
});

describe("a server that a signal ends", () => {
  const COINS = 150;
  const anOf = (serial: number, salt: number): Uint8Array => new Uint8Array(16).fill(salt).fill(serial, 3, 9);
  const numbers = Array.from({ length: COINS }, (_, serial) => serial);

  it("has all acknowledged changes on its disk", async () => {
    const folder = join(root, "data");
    const before = await openPageFileDisk({ folder, layout: COIN_PAGE_FILES });
    await putCoins(
      before,
      numbers.map((serial) => ({ denomination: 1, serial, an: anOf(serial, 1) })),
    );
    await before.close();
    const path = fileOf(`${WHOLE}[specwire]\nhost = "127.0.0.1"\ndata = "data"\n`);
    const server = new Program(program, ["raida", "serve", "--config", path]);
    const { hostname, port } = new URL(`tcp://${String((await server.line("listening"))["address"])}`);
    const acknowledged = new Set<number>();
    const pown = (serial: number): Promise<void> =>
      new Promise((resolve) => {
        const socket = connect(Number(port), hostname, () => {
          socket.write(
            request(CommandGroup.auth, AuthCommand.pown, bodyOf(nameOf(1, serial), anOf(serial, 1), anOf(serial, 2))),
          );
        });
        socket.on("data", (reply) => {
          if (reply[2] === Status.allPass) acknowledged.add(serial);
          if (acknowledged.size === COINS / 3) server.child.kill("SIGTERM");
          socket.end();
        });
        socket.on("error", () => {});
        socket.on("close", () => resolve());
      });
    await Promise.all(numbers.map(pown));
    expect(await server.ended()).toBe(0);
    expect(acknowledged.size).toBeGreaterThanOrEqual(COINS / 3);
    const after = await openPageFileDisk({ folder, layout: COIN_PAGE_FILES });
    const page = await new Promise<Uint8Array>((resolve, reject) =>
      after.load({ key: pageKey(1, 0) }, (outcome) =>
        outcome.ok ? resolve(outcome.value.bytes!.slice()) : reject(outcome.error),
      ),
    );
    await after.close();
    for (const serial of numbers) {
      const kept = page.slice(offsetOf(serial), offsetOf(serial) + AN_BYTES);
      const possible = acknowledged.has(serial) ? [anOf(serial, 2)] : [anOf(serial, 1), anOf(serial, 2)];
      expect(possible).toContainEqual(kept);
    }
  });

  it("keeps others out of its data folder", async () => {
    const path = fileOf(`${WHOLE}[specwire]\nhost = "127.0.0.1"\ndata = "alone"\n`);
    const server = new Program(program, ["raida", "serve", "--config", path]);
    await server.line("listening");
    const second = new Program(program, ["raida", "serve", "--config", path]);
    expect(await second.ended()).toBe(2);
    expect(second.errors).toContain("expected a folder that nobody else has open");
    expect(await server.stop()).toBe(0);
    const third = new Program(program, ["raida", "serve", "--config", path]);
    await third.line("listening");
    expect(await third.stop("SIGINT")).toBe(0);
  });
});

describe("the log", () => {
  const draw = (first: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, i) => first + 3 * i);
  const [an, pan, pg, adminKey, challenge] = [draw(7), draw(57), draw(107), draw(157), draw(201)];
  const coin = { denomination: 1, serial: 5, ans: Array.from({ length: 25 }, () => an) };

  /** All usual texts of bytes. */
  function formsOf(secret: Uint8Array): string[] {
    const buffer = Buffer.from(secret);
    const hex = buffer.toString("hex");
    const lists = [secret.join(","), secret.join(", "), hex.match(/../g)!.join(" "), hex.match(/../g)!.join(":")];
    return [hex, hex.toUpperCase(), buffer.toString("base64"), buffer.toString("latin1"), buffer.toString(), ...lists];
  }

  it.each(LOG_LEVELS.map((level) => [level] as const))("holds no secret at the level %s", async (logLevel) => {
    const options = { ...readServeConfig(fileOf(WHOLE), undefined).options, listen: "127.0.0.1:0", adminKey };
    const logFile = join(root, `${logLevel}.log`);
    const log = await openLog({ options, logLevel, logFile });
    const counts = new Counts(log.logger);
    const good = coinDisk([{ denomination: 1, serial: 5, an }]);
    let fails = false;
    const failed = {
      ok: false,
      error: { code: "storage", format: "disk", path: "", actual: "EIO" },
    } as const;
    const disk: Disk = {
      ...good,
      store: (writes, done) => (fails ? queueMicrotask(() => done(failed)) : good.store(writes, done)),
    };
    const server = await startRaidaServer({ ...options, disk, log: log.sink, keyCoins: [coin] });
    server.subscribe(counts.add);
    const name = nameOf(1, 5);
    const [coins, secrets] = [[coin], [an]] as const;
    const asks = [
      request(CommandGroup.status, StatusCommand.echo, bodyOf()),
      request(CommandGroup.status, StatusCommand.showStats, bodyOf(adminKey)),
      request(CommandGroup.status, StatusCommand.showStats, bodyOf(pan)),
      request(CommandGroup.auth, AuthCommand.detect, concatBytes(challenge, bodyOf(name, an).subarray(16))),
      request(CommandGroup.auth, AuthCommand.detect, bodyOf(name, an)),
      request(CommandGroup.auth, AuthCommand.detect, bodyOf(name, pan)),
      request(CommandGroup.healing, HealingCommand.getTicket, bodyOf(name, an)),
      request(CommandGroup.healing, HealingCommand.find, bodyOf(name, an, pan)),
      request(
        CommandGroup.healing,
        HealingCommand.fix,
        bodyOf(name, pg, ...Array.from({ length: 25 }, () => new Uint8Array(4))),
      ),
      request(CommandGroup.auth, AuthCommand.pown, bodyOf(name, pan, an)),
      seal({ type: 1, secrets, coins, nonce: draw(31).subarray(0, 8) }, 1, 10, concatBytes(name, an)),
      seal({ type: 4, secrets, coins, nonce: Uint8Array.from([...draw(31), ...draw(91)].slice(0, 24)) }, 0, 1, pg),
      request(CommandGroup.auth, AuthCommand.detect, new Uint8Array(9).fill(an[0]!)),
    ];
    const tickets: string[] = [];
    const ask = (bytes: Uint8Array): Promise<Uint8Array> =>
      new Promise((resolve, reject) => {
        const { hostname, port } = new URL(`tcp://${server.address}`);
        const chunks: Buffer[] = [];
        const socket = connect(Number(port), hostname, () => socket.write(bytes));
        socket.on("data", (chunk) => chunks.push(chunk));
        socket.on("end", () => resolve(Buffer.concat(chunks)));
        socket.on("error", reject);
      });
    for (const bytes of asks) {
      const reply = await ask(bytes);
      if (bytes[5] === 40) tickets.push(...formsOf(reply.slice(32, 36)), String(Buffer.from(reply).readUInt32BE(32)));
    }
    expect(tickets.length).toBeGreaterThan(0);
    fails = true;
    expect((await ask(request(CommandGroup.auth, AuthCommand.pown, bodyOf(name, an, pan))))[2]).toBe(
      Status.errorFilesystem,
    );
    await server.stop();
    counts.report();
    await log.close();
    const text = readFileSync(logFile, "latin1") + readFileSync(logFile, "utf8");
    if (logLevel === "debug") expect(text).toContain('"msg":"answered"');
    if (logLevel === "error") expect(text).toContain("the disk failed");
    if (logLevel === "silent") expect(text).toBe("");
    const nonces = asks.map((bytes) => bytes.slice(24, 32));
    for (const secret of [an, pan, pg, adminKey, challenge, bodyOf().subarray(0, 12), ...nonces]) {
      for (const form of formsOf(secret)) expect(text).not.toContain(form);
    }
    for (const ticket of tickets) expect(text).not.toContain(ticket);
  });

  it("counts the coins of a folder and does not name them", async () => {
    const folder = join(root, "keys");
    mkdirSync(folder);
    writeFileSync(join(folder, coinFileName(coin)), writeCoinFile({ ...coin, pown: POWN_UNKNOWN }));
    const path = fileOf(`${WHOLE}[specwire]\nhost = "127.0.0.1"\nkey_coins = "keys"\nlog_level = "debug"\n`);
    const server = new Program(program, ["raida", "serve", "--config", path]);
    expect(await server.line("listening")).toMatchObject({ keyCoins: 1 });
    expect(await server.stop()).toBe(0);
    for (const form of formsOf(an)) expect(server.output).not.toContain(form);
    writeFileSync(join(folder, "01.6.bin"), new Uint8Array(5));
    const refused = new Program(program, ["raida", "serve", "--config", path]);
    expect(await refused.ended()).toBe(2);
    expect(refused.errors).toContain(join(folder, "01.6.bin"));
  });
});
