import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import type { RaidaRequest } from "../../../../src/protocols/raida/index.js";
import { ClientBench, SERVERS } from "./harness.js";
import { ask, CIPHERINGS, SERVER, TYPES } from "./plain-requests.js";
import { answer, open, type Reply } from "./server.js";

type Type = (typeof TYPES)[number];

/** One request under way over TCP, and what answers it. */
class Asked {
  readonly client: ClientBench;
  readonly id: number;
  readonly sent: Uint8Array;
  readonly #type: Type;

  constructor(type: Type, request: RaidaRequest, options: ConstructorParameters<typeof ClientBench>[0] = {}) {
    const { encryption } = CIPHERINGS[type];
    this.client = new ClientBench({ encryption, transport: "tcp", readsType5: true, ...options });
    this.id = this.client.call(request);
    this.sent = this.client.open();
    this.#type = request.command.endsWith("Encryption") || "keyPart" in request ? 0 : type;
  }

  /** The right answer, perhaps changed. */
  reply(reply: Reply, changes: Readonly<Record<number, number>> = {}): Uint8Array {
    const bytes = answer(CIPHERINGS[this.#type].how, this.sent, reply);
    for (const [at, mask] of Object.entries(changes)) bytes[Number(at)]! ^= mask;
    return bytes;
  }

  /** What comes of an answer: what it says, or the code of an error. */
  outcome(bytes: Uint8Array): unknown {
    this.client.receive(bytes);
    const outcome = this.client.settled.get(this.id);
    if (outcome !== undefined && this.client.links.size > 0) throw new Error("a link is left");
    return outcome === undefined ? "none" : outcome.ok ? outcome.value : outcome.error.code;
  }
}

const VERSION: Reply = { status: 250, payload: new TextEncoder().encode("20261121") };
const version = ask("version", 0);
const NOTHING = new Uint8Array(0);

describe.each(TYPES)("an answer to a request of type %i", (type) => {
  const headerBytes = type < 4 ? 32 : 48;

  it("is read in whatever pieces it comes, without what comes behind it", () => {
    for (let cut = 1; cut < headerBytes + 10; cut++) {
      const asked = new Asked(type, version);
      const whole = concatBytes(asked.reply(VERSION), new Uint8Array(20).fill(0xee));
      expect(asked.outcome(whole.subarray(0, cut))).toBe("none");
      expect(asked.outcome(whole.subarray(cut))).toEqual({ version: "20261121" });
    }
  });

  it("does not count when it repeats another nonce, comes from another server or proves another key", () => {
    const proof: Readonly<Record<string, readonly number[]>> =
      type < 4
        ? { server: [0], echo: [6, 7], hash: [16, 27, 28, 31] }
        : { server: [0], echo: [46, 47], type: [16], ciphertext: [48, 55], hmac: [56, 87] };
    for (const at of Object.values(proof).flat()) {
      const asked = new Asked(type, version);
      expect(asked.outcome(asked.reply(VERSION, { [at]: 1 })), `byte ${at}`).toBe("unproven");
    }
  });

  it("does not count when it answers another request of the same client", () => {
    const client = new ClientBench({ encryption: CIPHERINGS[type].encryption, transport: "tcp", maxConnects: 2 });
    const [first, second] = [client.call(version), client.call(version)];
    const sent = client.open(client.connects[0]!.link);
    client.open(client.connects[1]!.link);
    const reply = answer(CIPHERINGS[type].how, sent, { status: 250 });
    client.receive(reply, client.connects[1]!.link);
    expect(client.errorOf(second).code).toBe("unproven");
    expect(client.settled.has(first)).toBe(false);
  });

  it("ends in an error when it is cut, endless, or shorter than its form", () => {
    const length = new Asked(type, version).reply(VERSION).length;
    for (const cut of [0, 1, 31, 32, length - 1]) {
      const asked = new Asked(type, version);
      asked.client.receive(asked.reply(VERSION).subarray(0, cut));
      asked.client.close();
      expect(asked.client.errorOf(asked.id), `${cut} bytes`).toMatchObject({ code: "closed", path: "server[7]" });
    }
    const endless = new Asked(type, version);
    expect(endless.outcome(endless.reply(VERSION, { 9: 0xff }))).toBe("limit");
    const none = new Asked(type, version);
    expect(none.outcome(none.reply({ status: 250 }))).toBe("short");
  });

  it("has no results for the entries that only fill the request up", () => {
    for (const command of ["detect", "pown", "getTicket", "find"] as const) {
      const asked = new Asked(type, ask(command, 1));
      const entryBytes = command === "pown" || command === "find" ? 37 : 21;
      const { payload } = open(CIPHERINGS[type].how, asked.sent);
      const entries = payload.length / entryBytes;
      // The first is right, whatever fills up is not.
      const bits = new Uint8Array(Math.ceil(entries / 8));
      bits[0] = 1;
      const mixed = entries > 1;
      const said: Readonly<Record<typeof command, readonly [unknown, Reply]>> = {
        detect: [{ authentic: [true] }, { status: mixed ? 243 : 241, payload: mixed ? bits : NOTHING }],
        pown: [{ authentic: [true] }, { status: mixed ? 243 : 241, payload: mixed ? bits : NOTHING }],
        getTicket: [
          { authentic: [true], ticket: 0x01020304 },
          { status: mixed ? 243 : 241, payload: concatBytes(mixed ? bits : bits.slice(1), Uint8Array.of(1, 2, 3, 4)) },
        ],
        find: [
          { results: [2] },
          { status: mixed ? 211 : 210, payload: mixed ? Uint8Array.of(2, ...new Uint8Array(entries - 1)) : NOTHING },
        ],
      };
      const [right, reply] = said[command];
      expect(asked.outcome(asked.reply(reply)), command).toEqual(right);
    }
  });

  it("ends in an error when it has another number of results", () => {
    for (const [command, reply] of [
      ["detect", { status: 243, payload: new Uint8Array(9) }],
      ["pown", { status: 243, payload: new Uint8Array(9) }],
      ["getTicket", { status: 243, payload: new Uint8Array(9) }],
      ["getTicket", { status: 241, payload: new Uint8Array(3) }],
      ["find", { status: 211, payload: new Uint8Array(2) }],
    ] as const) {
      const asked = new Asked(type, ask(command, 3));
      expect(typeof asked.outcome(asked.reply(reply)), command).toBe("string");
      expect(asked.client.settled.get(asked.id)!.ok).toBe(false);
    }
  });
});

describe("an error that a server gives too early to prove anything", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 16, 27, 33, 34, 36, 255])("%i is told as it is", (status) => {
    for (const type of [0, 1, 2] as const) {
      const asked = new Asked(type, version);
      expect(asked.outcome(asked.reply({ status }, { 6: 0xff, 16: 0xff, 31: 0xff }))).toBe("status");
    }
  });

  it("has the short header under types 4 and 5 when it comes before the encryption type", () => {
    for (const type of [4, 5] as const) {
      const asked = new Asked(type, version);
      expect(asked.outcome(Uint8Array.of(SERVER, 0, 3, 0, 0, 1, ...new Uint8Array(26)))).toBe("status");
      const later = new Asked(type, version);
      const long = Uint8Array.of(SERVER, 0, 25, ...new Uint8Array(45));
      expect(later.outcome(long.subarray(0, 32))).toBe("none");
      expect(later.outcome(long.subarray(32))).toBe("status");
    }
  });

  it("is no success, whatever follows it", () => {
    const asked = new Asked(0, ask("getEncryptionTicket", 0));
    const reply = asked.reply({ status: 1, payload: new Uint8Array(16) }, { 16: 1 });
    expect(asked.outcome(reply)).toBe("unproven");
  });
});

describe("a ticket for a key", () => {
  const ticket = Uint8Array.from({ length: 16 }, (_, i) => 0x61 + i);

  it.each([0, 1, 250])("is there when the status is %i", (status) => {
    const asked = new Asked(4, ask("getEncryptionTicket", 0));
    expect(asked.outcome(asked.reply({ status, payload: ticket }))).toEqual({ ticket });
  });

  it("is a copy, whichever way it came", () => {
    const client = new ClientBench();
    const id = client.call(ask("getEncryptionTicket", 0));
    const { peer, bytes } = client.datagrams[0]!;
    expect(peer).toBe(SERVERS[SERVER]);
    // What the bench lends it takes away after the step.
    client.receiveDatagram(peer, answer(undefined, bytes, { status: 0, payload: ticket }));
    expect(client.valueOf(id)).toEqual({ ticket });
  });

  it("has as many verdicts as there were halves, and one for what lies behind them in the C layout", () => {
    const verdicts = (count: number): Reply => ({ status: 250, payload: Uint8Array.of(1, 0, 1, 1).subarray(0, count) });
    for (const [dialect, count, said] of [
      [undefined, 3, { accepted: [true, false] }],
      ["c-server", 3, { accepted: [true, false] }],
      ["west", 2, { accepted: [true, false] }],
      ["c-server", 2, "count"],
      ["west", 3, "count"],
    ] as const) {
      const asked = new Asked(0, { ...ask("fixEncryption", 0), ...(dialect && { dialect }) } as RaidaRequest);
      expect(asked.outcome(asked.reply(verdicts(count))), `${dialect}, ${count}`).toEqual(said);
    }
  });
});

describe("an answer of type 5", () => {
  it("with a payload is undecryptable where its nonce is not whole, and proven all the same", () => {
    const asked = new Asked(5, version, { readsType5: false });
    const reply = asked.reply({ ...VERSION, losesNonce: true });
    expect(asked.outcome(reply)).toBe("undecryptable");
    const forged = new Asked(5, version, { readsType5: false });
    expect(forged.outcome(forged.reply({ ...VERSION, losesNonce: true }, { 56: 1 }))).toBe("unproven");
  });

  it("without a payload says all that its status says", () => {
    const asked = new Asked(5, ask("detect", 2), { readsType5: false });
    expect(asked.outcome(asked.reply({ status: 242 }))).toEqual({ authentic: [false, false] });
  });

  it("is read in the natural layout, unless it is said that it cannot be", () => {
    const natural = new Asked(5, version, { type45Layout: "natural", readsType5: true });
    expect(natural.outcome(natural.reply(VERSION))).toEqual({ version: "20261121" });
    const not = new Asked(5, version, { type45Layout: "natural", readsType5: false });
    expect(not.outcome(not.reply(VERSION))).toBe("undecryptable");
  });
});
