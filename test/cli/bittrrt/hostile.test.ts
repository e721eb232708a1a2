import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
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

/** Hosts of this machine that strangers send from; the honest client is 127.0.0.1. */
const STRANGERS = 4;
/** Each act is done as often as that. */
const ACT_EVERY_MS = 4;
/** Frames of the honest client that somebody has copied. */
const COPIES = 4_096;
const ANSWER_WITHIN_MS = 5_000;
const NEWCOMER_EVERY = 20;
const DATAGRAM_BYTES_MAX = 65_507;

let program: string;
beforeAll(async () => {
  program = await bundleProgram();
});
afterAll(() => rmSync(dirname(program), { recursive: true }));

/** Everything that a stranger does who wants the server to fall over, until it is told to stop. */
class Crowd {
  /** Datagrams that the server has sent to somebody who only repeats what others said. */
  echoes = 0;
  sent = 0;
  readonly #main: number;
  readonly #honest: Honest;
  readonly #insider: LoadClient;
  readonly #random = new Random(1, "crowd");
  readonly #tokens = new TokenKey();
  readonly #forged = new FrameKey(new Uint8Array(32).fill(7), { random: (n) => this.#random.bytes(n) });
  readonly #sockets: readonly Socket[];
  readonly #repeater: Socket;
  readonly #timers: readonly NodeJS.Timeout[];

  static async gather(main: number, honest: Honest, insider: LoadClient): Promise<Crowd> {
    const hosts = Array.from({ length: STRANGERS }, (_, i) => `127.0.0.${2 + i}`);
    const [repeater, ...sockets] = await Promise.all(["127.0.0.1", ...hosts].map(socketAt));
    return new Crowd(main, honest, insider, sockets, repeater!);
  }

  constructor(main: number, honest: Honest, insider: LoadClient, sockets: readonly Socket[], repeater: Socket) {
    this.#main = main;
    this.#honest = honest;
    this.#insider = insider;
    this.#sockets = sockets;
    this.#repeater = repeater;
    repeater.on("message", () => this.echoes++);
    const acts = [
      () => this.#garbage(),
      () => this.#forgedToken(),
      () => this.#connect(),
      () => this.#forgedFrame(),
      () => this.#repeat(),
      () => this.#betray(),
    ];
    this.#timers = acts.map((act) => setInterval(act, ACT_EVERY_MS));
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const socket of [this.#repeater, ...this.#sockets]) socket.close();
    this.#insider.close();
  }

  /** Anything, at the main port and at the honest client's own; now and then as long as a datagram can be. */
  #garbage(): void {
    const length = this.#random.below(this.#random.chance(0.05) ? DATAGRAM_BYTES_MAX : 1_600);
    this.#send(this.#random.bytes(length), this.#anyPort());
  }

  /** Tokens that are cut off, changed, or say what nobody can use, under the key that everybody knows. */
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
      // Of low order: everybody would know the result.
      writeJson({ cmd: "connect", pubkey: key(new Uint8Array(32)) }),
      writeHandshake({ command: "connected", publicKey: this.#random.bytes(32) }),
    ];
    const token = this.#token(texts[this.#random.below(texts.length)]!);
    if (this.#random.chance(0.3)) token[this.#random.below(token.length)]! ^= 1;
    this.#send(this.#random.chance(0.3) ? token.subarray(0, this.#random.below(token.length)) : token, this.#main);
  }

  /** A new key each time: all of them are as good as any client's, and nobody comes for the ports. */
  #connect(): void {
    const text = writeHandshake({ command: "connect", publicKey: this.#random.bytes(32) });
    this.#send(this.#token(text), this.#main);
  }

  /** Frames under a key that is not the session's, whole and in part. */
  #forgedFrame(): void {
    const frame = this.#forged.seal(this.#random.bytes(this.#random.below(1_453)), { flags: this.#random.below(256) });
    this.#send(this.#random.chance(0.5) ? frame : frame.subarray(0, this.#random.below(frame.length)), this.#anyPort());
  }

  /** Frames that the honest client and the server have sent, word for word or a bit beside it. */
  #repeat(): void {
    const { copies, ports } = this.#honest;
    if (copies.length === 0) return;
    const frame = copies[this.#random.below(copies.length)]!.slice();
    if (this.#random.chance(0.3)) frame[this.#random.below(frame.length)]! ^= 1 << this.#random.below(8);
    this.sent++;
    this.#repeater.send(frame, ports[this.#random.below(ports.length)]!, "127.0.0.1");
  }

  /** A client that shook hands and says what no client says: frames that are authentic, new and thus remembered. */
  #betray(): void {
    const { key, sockets } = this.#insider;
    const flags = [CONTROL_FLAGS, CONTROL_FLAGS, BINARY_HEARTBEAT_FLAGS, 64, this.#random.below(256)];
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
  /** The last frames of both sides. */
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

  /** A heartbeat, once; rejects where no answer comes. @returns the answer, and what it should be */
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
  const crowd = await Crowd.gather(address.port, honest, await connect(address));
  let newcomers = 0;
  try {
    const ask = async (asked: number): Promise<void> => {
      const [answer, expected] = await honest.ask();
      expect(answer).toEqual(expected);
      if (asked % NEWCOMER_EVERY !== 0) return;
      // Who is new finds ports, whoever else wants them.
      (await connect(address)).close();
      newcomers++;
    };
    await soak(server, ask, () => `${newcomers} newcomers, ${crowd.sent} datagrams of strangers`);
  } finally {
    crowd.stop();
    honest.close();
  }
  expect(newcomers).toBeGreaterThan(0);
  // Not a single copy was answered.
  expect(crowd.echoes).toBe(0);
  expect(await server.stop()).toBe(0);
  expect(server.errors).toBe("");
  const told = new Set(server.logged.map(({ type }) => type));
  expect(["ready", "established", "refused", "control", "gone"].filter((type) => !told.has(type))).toEqual([]);
});
