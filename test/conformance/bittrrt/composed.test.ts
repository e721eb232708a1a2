/** Composed recordings of BittrRt: valid ones that nobody has recorded, and odd ones. */
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frame, fresh, header, sealed, stamps, token } from "./composed.js";
import { conformance, verdictsOf, withRecording, type Ended } from "../harness.js";
import { malformedVectors, verdictsBetween } from "../malformed.js";

interface Vector {
  readonly name: string;
  readonly kind: string;
  readonly inputs: Record<string, unknown>;
  readonly decoded: Record<string, unknown>;
  [member: string]: unknown;
}

const recorded = (
  JSON.parse(readFileSync(new URL("../../../seeds/bittrrt/vectors.json", import.meta.url), "utf8")) as {
    vectors: Vector[];
  }
).vectors;
const KEY = Buffer.alloc(32, 0x42);
/** Flags of a binary heartbeat, and of an acknowledgement. */
const [HEARTBEAT, ACK] = [19, 64];
const FERNET = "OdiXEOXdvwgWfIizYjdEguhN-IP7eyqp9oITq_0MiBs=";
const NOW = 1_700_000_000_000;

/** A vector of a kind. */
function vector(kind: string, name: string, inputs: object, rest: object): object {
  return { name, kind, inputs, key_hex: KEY.toString("hex"), nonce_hex: null, output_hex: null, decoded: {}, ...rest };
}

const hex = (bytes: Buffer): string => bytes.toString("hex");

async function expectAll(verdict: string, vectors: readonly object[]): Promise<void> {
  const ended = await verdictsOf(vectors);
  expect(ended).toHaveLength(vectors.length);
  expect(ended.filter((one) => one.verdict !== verdict)).toEqual([]);
}

describe("tokens", () => {
  const handshake = (counter: bigint, text = "x"): object => {
    const iv = fresh(16);
    const output = token(FERNET, counter, 1_769_281_744n, iv, text);
    const inputs = {
      fernet_key: FERNET,
      salt_counter: `${counter}`,
      unix_seconds: 1_769_281_744,
      iv_hex: hex(iv),
      text,
    };
    return vector("handshake", `salt ${counter}`, inputs, { key_hex: null, output_hex: hex(output) });
  };

  it("are equal for every counter, which wraps at 2^64", async () => {
    const counters = [0n, 1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 64n + 5n, 2n ** 70n + 3n, -1n];
    await expectAll(
      "equal",
      counters.map((counter) => handshake(counter)),
    );
  });

  it("fail with another counter", async () => {
    const { inputs, ...rest } = handshake(2n ** 64n) as { inputs: object };
    await expectAll("failed", [{ ...rest, inputs: { ...inputs, salt_counter: "1" } }]);
  });
});

describe("frames of 0.5", () => {
  const legacy = (plaintext: Buffer, asNew: object): object => {
    const nonce = fresh(12);
    const rest = { nonce_hex: hex(nonce), output_hex: hex(sealed(KEY, nonce, plaintext)), decoded: { as_new: asNew } };
    return vector("legacy.encrypt05", `${plaintext.length} bytes`, { plaintext_hex: hex(plaintext) }, rest);
  };
  const error = { error: "ValueError", message: "Decrypted payload too short (missing header)" };
  const text = Buffer.from("a payload of 0.5 that is long enough to be taken for a header");
  const asNew = { flags: 0x61, channel: 0x20_70_61, sequence: "8749474029239754784" };

  it("are refused below 20 bytes; above, their first 20 bytes are read as a header", async () => {
    await expectAll(
      "refused",
      [0, 1, 12, 19].map((bytes) => legacy(text.subarray(0, bytes), error)),
    );
    const read = [20, 21, 40, text.length].map((bytes) => {
      const inside = text.subarray(0, bytes);
      const fields = {
        flags: inside[0],
        channel: inside.readUIntBE(1, 3),
        sequence: `${inside.readBigUInt64BE(4)}`,
        offset: `${inside.readBigUInt64BE(12)}`,
        plaintext_hex: hex(inside.subarray(20)),
      };
      return legacy(inside, fields);
    });
    await expectAll("equal", read);
  });

  it("fail where the recording differs", async () => {
    await expectAll("failed", [legacy(text, asNew), legacy(text, error), legacy(text.subarray(0, 19), asNew)]);
  });
});

describe("heartbeats of a client", () => {
  const beat = (sequence: bigint, row: readonly number[], log: string): object => {
    const nonce = fresh(12);
    const answer = { flags: HEARTBEAT, sequence: sequence === 0n ? 0n : sequence - 1n };
    const inputs = {
      side: "client",
      request_hex: hex(frame(KEY, { flags: HEARTBEAT, sequence }, stamps(...row))),
      now_ms: `${NOW + 10}`,
    };
    const output = frame(KEY, answer, stamps(...row, NOW + 10), nonce);
    const rest = sequence === 0n ? {} : { nonce_hex: hex(nonce), output_hex: hex(output) };
    return vector("heartbeat.binary", `sequence ${sequence}`, inputs, { ...rest, decoded: { log } });
  };

  it("measure its latency at every sequence", async () => {
    const log = (sequence: bigint): string => `ClientCtrlHandler heartbeat latency: 10ms (seq=${sequence})`;
    const row = [NOW, NOW + 4, NOW + 6, NOW + 9];
    await expectAll("equal", [
      ...[1n, 2n, 3n, 4n, 77n].flatMap((sequence) =>
        [2, 3, 4].map((n) => beat(sequence, row.slice(0, n), log(sequence))),
      ),
      beat(0n, row.slice(0, 3), log(0n)),
      beat(0n, row, "ClientUpHandler HEARTBEAT server latency: 5ms (from 127.0.0.1:5)"),
      beat(3n, [NOW], ""),
    ]);
    await expectAll("failed", [beat(3n, row.slice(0, 2), ""), beat(1n, row.slice(0, 2), "latency: 11ms")]);
  });

  it("are read in time linear in the log", async () => {
    const long = beat(3n, [NOW], "7".repeat(2_000_000)) as Ended;
    const began = performance.now();
    await expectAll("equal", [long]);
    // In quadratic time this would take half an hour.
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe("a running server", () => {
  const behaviour = (name: string, datagram: Buffer, replies: readonly object[]): object =>
    vector("live.server_behaviour", name, { datagram_hex: hex(datagram) }, { decoded: { replies } });

  it("does not receive frames with more than 1,452 bytes of plaintext", async () => {
    const question = (bytes: number): Buffer => frame(KEY, { sequence: 9n, channel: 3 }, Buffer.alloc(bytes, 0x20));
    const ack = { flags: ACK, channel: 3, seq: "9", off: "0", payload_hex: hex(Buffer.from("ACK")), len: 51 };
    await expectAll("equal", [
      behaviour("1,452", question(1_452), [ack]),
      behaviour("1,453", question(1_453), []),
      behaviour("1,500", question(1_500), []),
      behaviour("behind", Buffer.concat([question(1_452), Buffer.from("behind")]), [ack]),
    ]);
    await expectAll("failed", [behaviour("1,452", question(1_452), []), behaviour("1,453", question(1_453), [ack])]);
  });
});

/** A packet as a recording has it. */
interface Packet {
  readonly t_s: number;
  readonly src_port: number;
  readonly dst_port: number;
  readonly datagram_hex: string;
  readonly decoded: object;
}

/** Composes the packets between a client and a server, each of which answers in order. */
class Wire {
  readonly packets: Packet[] = [];
  readonly #client: number;
  readonly #server: number;
  readonly #waiting: Record<"client" | "server", (() => void)[]> = { client: [], server: [] };
  #nowMs = NOW;

  constructor(client: number, server: number) {
    this.#client = client;
    this.#server = server;
  }

  /** The client begins a heartbeat. */
  beat(): void {
    this.#send("client", { flags: HEARTBEAT, sequence: 3n }, [++this.#nowMs]);
  }

  /** The client sends a control message. */
  ask(sequence: bigint): void {
    this.#packet("client", { sequence }, Buffer.from('{"bwup": 30}'));
    this.#waiting.server.push(() => this.#packet("server", { flags: ACK, sequence }, Buffer.from("ACK")));
  }

  /** One end answers its oldest request, if there is one. */
  answer(end: "client" | "server"): void {
    this.#waiting[end].shift()?.();
  }

  #send(end: "client" | "server", fields: FrameFields, row: readonly number[]): void {
    this.#packet(end, fields, stamps(...row));
    if (fields.sequence === 0n) return;
    const other = end === "client" ? "server" : "client";
    const answer = { flags: HEARTBEAT, sequence: fields.sequence - 1n };
    this.#waiting[other].push(() => this.#send(other, answer, [...row, ++this.#nowMs]));
  }

  #packet(end: "client" | "server", fields: { flags?: number; sequence: bigint }, payload: Buffer): void {
    const [from, to] = end === "client" ? [this.#client, this.#server] : [this.#server, this.#client];
    this.packets.push(packetOf(from, to, frame(KEY, fields, payload), payload));
  }
}

interface FrameFields {
  readonly flags: number;
  readonly sequence: bigint;
}

function packetOf(from: number, to: number, datagram: Buffer, payload: Buffer): Packet {
  const decoded = { layer: "frame", payload_hex: hex(payload) };
  return { t_s: 0, src_port: from, dst_port: to, datagram_hex: hex(datagram), decoded };
}

const live = recorded.find(({ kind }) => kind === "live.session")!;
const LIVE_KEY = String(live["key_hex"]);

/** A session of these packets, with the keys of the recorded one. */
function sessionOf(packets: readonly object[]): object {
  return { ...live, name: "composed", decoded: { packets } };
}

describe("a recorded session", () => {
  const recordedPackets = live.decoded["packets"] as Packet[];

  it("that is composed is read like the recorded one", async () => {
    // The same key, so that composed and recorded frames can be mixed.
    KEY.set(Buffer.from(LIVE_KEY, "hex"));
    const wire = new Wire(50_001, 40_001);
    wire.beat();
    for (let i = 0; i < 3; i++) wire.answer(i % 2 === 0 ? "server" : "client");
    await expectAll("equal", [sessionOf(wire.packets), sessionOf([...recordedPackets, ...wire.packets])]);
  });

  it("pairs answers with requests in order, whatever is open", async () => {
    const step = fc.constantFrom("beat", "ask", "ask again", "client", "server");
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        let asked = 1_234_567n;
        const wire = new Wire(50_001, 40_001);
        for (const one of steps) {
          if (one === "beat") wire.beat();
          else if (one === "ask" || one === "ask again") wire.ask(one === "ask" ? ++asked : asked);
          else wire.answer(one as "client" | "server");
        }
        expect(await verdictsOf([sessionOf(wire.packets)])).toMatchObject([{ verdict: "equal" }]);
      }),
      { numRuns: 60 },
    );
  });

  it("finds its server by the message with the ports", async () => {
    const payload = Buffer.from('{"cmd": "ports", "ctrl_port": 40001, "up_port": 40002, "dn_port": 40003}');
    const told = packetOf(Number(live.inputs["server_main_port"]), 50_000, frame(KEY, {}, payload), payload);
    const wire = new Wire(50_001, 40_001);
    for (let i = 0; i < 3; i++) wire.beat();
    for (let i = 0; i < 6; i++) wire.answer(i < 3 ? "server" : "client");
    await expectAll("equal", [sessionOf([told, ...wire.packets])]);
  });

  it("fails for answers that are swapped, missing, of another sequence, or without a request", async () => {
    const wire = new Wire(50_001, 40_001);
    for (let i = 0; i < 2; i++) wire.ask(BigInt(i));
    for (let i = 0; i < 2; i++) wire.answer("server");
    const [first, second, one, other] = wire.packets as [Packet, Packet, Packet, Packet];
    const again = packetOf(
      40_001,
      50_001,
      frame(KEY, { flags: ACK, sequence: 9n }, Buffer.from("ACK")),
      Buffer.from("ACK"),
    );
    const failing = [
      [first, second, other, one],
      [first, second, other],
      [first, one, other],
      [first, second, one, again],
      [first, second, one, other, again],
    ];
    await expectAll("equal", [sessionOf([first, second, one, other]), sessionOf([first, one, second, other])]);
    await expectAll("failed", failing.map(sessionOf));
  });
});

describe("odd vectors", () => {
  const good = recorded.find(({ kind }) => kind === "session")!;

  it.each([...new Set(recorded.map(({ kind }) => kind))])("of the kind %s fail alone", async (kind) => {
    const whole = recorded.find((one) => one.kind === kind)!;
    const short =
      kind === "live.session"
        ? { ...whole, decoded: { packets: (whole.decoded["packets"] as unknown[]).slice(0, 15) } }
        : whole;
    const ended = await verdictsBetween(
      [...malformedVectors(short)].filter((one) => one !== undefined),
      good,
    );
    for (const { verdict, differences } of ended) {
      if (verdict === "failed") expect(differences!.join("").length).toBeLessThan(10_000);
    }
    // A vector without a valid name is named by its place.
    expect(ended[0]).toMatchObject({ name: "vectors[1]", verdict: "failed" });
    for (const member of ["name", "kind", "inputs", "decoded"]) {
      const { [member]: _, ...lacking } = whole;
      expect(await verdictsBetween([lacking], good), member).toMatchObject([
        { name: member === "name" ? "vectors[1]" : whole.name, verdict: "failed" },
      ]);
    }
  });

  it("cannot imitate lines of the report", async () => {
    const vectors = [{ ...good, name: "x\n1 passed, 0 failed", kind: "k\r\n\u001b[2J" }];
    const { lines, exitCode } = await withRecording({ vectors }, (file) => conformance(file));
    expect(lines.filter((line) => /\p{Cc}/u.test(line))).toEqual([]);
    expect(lines.at(-1)).toBe("0 passed, 1 failed, 0 skipped");
    expect(exitCode).toBe(1);
  });

  it("with wide header fields are masked as the reference masks them", async () => {
    const wide = [-1n, 2n ** 64n, 2n ** 24n, 2n ** 70n + 1n];
    const vectors = wide.map((value) => {
      const nonce = fresh(12);
      const low = (bits: number): bigint => BigInt.asUintN(bits, value);
      const fields = { flags: Number(low(8)), channel: Number(low(24)), sequence: low(64), offset: low(64) };
      const output = sealed(KEY, nonce, Buffer.concat([header(fields), Buffer.from("x")]));
      const inputs = {
        flags: `${value}`,
        channel: `${value}`,
        sequence: `${value}`,
        offset: `${value}`,
        plaintext_hex: "78",
      };
      return vector("frame.encrypt", `${value}`, inputs, { nonce_hex: hex(nonce), output_hex: hex(output) });
    });
    await expectAll("equal", vectors);
  });
});
