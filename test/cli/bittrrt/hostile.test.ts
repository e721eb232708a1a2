/** A server under attack: strangers neither silence it nor fill its memory. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { beforeAll, expect, it } from "vitest";
import {
  ACK_FLAGS,
  BINARY_HEARTBEAT_FLAGS,
  beginBinary,
  CONTROL_FLAGS,
  FrameKey,
  readStamps,
  TokenKey,
  writeHandshake,
  writeJson,
} from "../../../src/protocols/bittrrt/index.js";
import { writeBase64url } from "../../../src/protocols/bittrrt/base64url.js";
import { connectClient, type LoadClient } from "../../../src/cli/bittrrt/load-client.js";
import { Random } from "../../../src/testing/index.js";
import { parseAddress, type Address } from "../../../src/transport/index.js";
import { bundleProgram } from "../../support/program.js";
import { soak, SOAK_TIMEOUT_MS, startSoaked } from "../../support/soak.js";

/** How many hosts strangers send from; the honest client is at 127.0.0.1. */
const STRANGERS = 4;
/** Time between two runs of each attack. */
const ACT_EVERY_MS = 4;
/** Frames of the honest client that are kept for replays. */
const COPIES = 4_096;
/** The longest time to an answer. */
const ANSWER_WITHIN_MS = 5_000;
/** Heartbeats between two new clients. */
const NEWCOMER_EVERY = 20;
/** The longest UDP datagram. */
const DATAGRAM_BYTES_MAX = 65_507;

let program: string;
beforeAll(async () => {
  program = await bundleProgram();
});

/** Strangers who attack the server in every way until they are stopped. */
class Attackers {
  /** Answers of the server to replays. */
  echoes = 0;
  sent = 0;
  readonly #main: number;
  readonly #honest: Honest;
  readonly #insider: LoadClient;
  readonly #random = new Random(1, "attackers");
  readonly #tokens = new TokenKey();
  readonly #forged = new FrameKey(new Uint8Array(32).fill(7), { random: (n) => this.#random.bytes(n) });
  readonly #sockets: readonly Socket[];
  readonly #replayer: Socket;
  readonly #timers: readonly NodeJS.Timeout[];

  static async gather(main: number, honest: Honest, insider: LoadClient): Promise<Attackers> {
    const hosts = Array.from({ length: STRANGERS }, (_, i) => `127.0.0.${2 + i}`);
    const [replayer, ...sockets] = await Promise.all(["127.0.0.1", ...hosts].map(socketAt));
    return new Attackers(main, honest, insider, sockets, replayer!);
  }

  constructor(main: number, honest: Honest, insider: LoadClient, sockets: readonly Socket[], replayer: Socket) {
    this.#main = main;
    this.#honest = honest;
    this.#insider = insider;
    this.#sockets = sockets;
    this.#replayer = replayer;
    replayer.on("message", () => this.echoes++);
    const acts = [
      () => this.#garbage(),
      () => this.#forgedToken(),
      () => this.#connect(),
      () => this.#forgedFrame(),
      () => this.#replay(),
      () => this.#sendAsClient(),
    ];
    this.#timers = acts.map((act) => setInterval(act, ACT_EVERY_MS));
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const socket of [this.#replayer, ...this.#sockets]) socket.close();
    this.#insider.close();
  }

  /** Sends random bytes to the main port and to the ports of the honest client, some as long as UDP allows. */
  #garbage(): void {
    const length = this.#random.below(this.#random.chance(0.05) ? DATAGRAM_BYTES_MAX : 1_600);
    this.#send(this.#random.bytes(length), this.#anyPort());
  }

  /** Sends tokens under the public key that are truncated, changed or without meaning. */
  #forgedToken(): void {
    const key = (bytes: Uint8Array): string => new TextDecoder().decode(writeBase64url(bytes));
    const texts = [
      "",
      "[]",
      "\u0000".repeat(1_000),
      "{".repeat(1_000),
      '{"cmd": "connect"}',
      '{"cmd": "connect", "pubkey": 7}',
      writeJson({ cmd: "connect", pubkey: key(this.#random.bytes(31)) }),
      // A key of low order.
      writeJson({ cmd: "connect", pubkey: key(new Uint8Array(32)) }),
      writeHandshake({ command: "connected", publicKey: this.#random.bytes(32) }),
    ];
    const token = this.#token(texts[this.#random.below(texts.length)]!);
    if (this.#random.chance(0.3)) token[this.#random.below(token.length)]! ^= 1;
    this.#send(this.#random.chance(0.3) ? token.subarray(0, this.#random.below(token.length)) : token, this.#main);
  }

  /** Sends a valid `connect` with a new key, and never uses the ports. */
  #connect(): void {
    const text = writeHandshake({ command: "connect", publicKey: this.#random.bytes(32) });
    this.#send(this.#token(text), this.#main);
  }

  /** Sends frames under a foreign key, whole and truncated. */
  #forgedFrame(): void {
    const frame = this.#forged.seal(this.#random.bytes(this.#random.below(1_453)), { flags: this.#random.below(256) });
    this.#send(this.#random.chance(0.5) ? frame : frame.subarray(0, this.#random.below(frame.length)), this.#anyPort());
  }

  /** Replays frames of the honest client and of the server, some with a changed bit. */
  #replay(): void {
    const { copies, ports } = this.#honest;
    if (copies.length === 0) return;
    const frame = copies[this.#random.below(copies.length)]!.slice();
    if (this.#random.chance(0.3)) frame[this.#random.below(frame.length)]! ^= 1 << this.#random.below(8);
    this.sent++;
    this.#replayer.send(frame, ports[this.#random.below(ports.length)]!, "127.0.0.1");
  }

  /** Sends authentic frames of any kind, as a client of the server. */
  #sendAsClient(): void {
    const { key, sockets } = this.#insider;
    const flags = [CONTROL_FLAGS, CONTROL_FLAGS, BINARY_HEARTBEAT_FLAGS, ACK_FLAGS, this.#random.below(256)];
    const frame = key.seal(this.#random.bytes(this.#random.below(1_453)), {
      flags: flags[this.#random.below(flags.length)]!,
      channel: this.#random.below(2 ** 24),
      sequence: BigInt(this.#random.below(2 ** 32)) << BigInt(this.#random.below(33)),
    });
    this.sent++;
    sockets[this.#random.below(sockets.length)]!.send(frame);
  }

  #token(text: string): Uint8Array {
    return this.#tokens.seal({ counter: 0n, unixSeconds: 0n, iv: this.#random.bytes(16), text });
  }

  #anyPort(): number {
    const ports = [this.#main, ...this.#honest.ports];
    return ports[this.#random.below(ports.length)]!;
  }

  #send(bytes: Uint8Array, port: number): void {
    this.sent++;
    this.#sockets[this.#random.below(this.#sockets.length)]!.send(bytes, port, "127.0.0.1");
  }
}

async function socketAt(host: string): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(0, host);
  await once(socket, "listening");
  return socket;
}

/** A client that sends heartbeats and waits for their answers. */
class Honest {
  readonly ports: readonly number[];
  /** The last frames in both directions. */
  readonly copies: Uint8Array[] = [];
  readonly #client: LoadClient;
  #asked = 0n;

  constructor(client: LoadClient) {
    this.#client = client;
    this.ports = client.sockets.map((socket) => socket.remoteAddress().port);
  }

  close(): void {
    this.#client.close();
  }

  /** Sends a heartbeat; rejects without an answer. @returns the answer and the expected one */
  async ask(): Promise<[answer: unknown, expected: unknown]> {
    const { key, sockets } = this.#client;
    const socket = sockets[Number(this.#asked % 3n)]!;
    const offset = this.#asked++;
    const nowMs = BigInt(Date.now());
    const frame = key.seal(beginBinary(nowMs), { flags: BINARY_HEARTBEAT_FLAGS, sequence: 3n, offset });
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const answered = once(socket, "message", { signal }) as Promise<[Buffer]>;
    socket.send(frame);
    const [answer] = await answered;
    const { flags, sequence, offset: repeated, plaintext } = key.open(answer);
    this.copies.push(frame, Uint8Array.from(answer));
    this.copies.splice(0, Math.max(0, this.copies.length - COPIES));
    const stamps = readStamps(plaintext)!;
    const expected = [BINARY_HEARTBEAT_FLAGS, 2n, offset, 2, nowMs];
    return [[flags, sequence, repeated, stamps.length, stamps[0]], expected];
  }
}

const connect = (server: Address): Promise<LoadClient> =>
  connectClient(server, { timeoutMs: 30_000, signal: new AbortController().signal });

it("strangers neither silence a BittrRt server nor fill its memory", { timeout: SOAK_TIMEOUT_MS }, async () => {
  const at = ["--bind-addr", "127.0.0.1", "--bind-port", "0", "--port-ranges", "27500-27559"];
  const server = startSoaked(program, ["bittrrt", "serve", "--json", ...at]);
  const address = parseAddress(String((await server.line("listening", "type"))["address"]));
  const honest = new Honest(await connect(address));
  const attackers = await Attackers.gather(address.port, honest, await connect(address));
  let newcomers = 0;
  try {
    const ask = async (asked: number): Promise<void> => {
      const [answer, expected] = await honest.ask();
      expect(answer).toEqual(expected);
      if (asked % NEWCOMER_EVERY !== 0) return;
      // A new client gets ports, whoever else wants them.
      (await connect(address)).close();
      newcomers++;
    };
    await soak(server, ask, () => `${newcomers} newcomers, ${attackers.sent} datagrams of strangers`);
  } finally {
    attackers.stop();
    honest.close();
  }
  expect(newcomers).toBeGreaterThan(0);
  // No replay was answered.
  expect(attackers.echoes).toBe(0);
  expect(await server.stop()).toBe(0);
  expect(server.errors).toBe("");
  const told = new Set(server.logged.map(({ type }) => type));
  expect(["ready", "established", "refused", "control", "gone"].filter((type) => !told.has(type))).toEqual([]);
});
