/** How the client checks and reads replies. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { Status, type RaidaRequest } from "../../../../src/protocols/raida/index.js";
import { ClientHarness, SERVERS } from "./harness.js";
import { sampleRequest, CIPHERINGS, SERVER, TYPES } from "./plain-requests.js";
import { answer, open, type Reply } from "./server.js";

type Type = (typeof TYPES)[number];

/** One request under way over TCP, and a server that replies. */
class PendingRequest {
  readonly client: ClientHarness;
  readonly id: number;
  readonly sent: Uint8Array;
  readonly #type: Type;

  constructor(type: Type, request: RaidaRequest, options: ConstructorParameters<typeof ClientHarness>[0] = {}) {
    const { encryption } = CIPHERINGS[type];
    this.client = new ClientHarness({ encryption, transport: "tcp", readsType5: true, ...options });
    this.id = this.client.call(request);
    this.sent = this.client.open();
    this.#type = request.command.endsWith("Encryption") || "keyPart" in request ? 0 : type;
  }

  /** The right reply, with the bytes at `changes` XORed. */
  reply(reply: Reply, changes: Readonly<Record<number, number>> = {}): Uint8Array {
    const bytes = answer(CIPHERINGS[this.#type].how, this.sent, reply);
    for (const [at, mask] of Object.entries(changes)) bytes[Number(at)]! ^= mask;
    return bytes;
  }

  /** Receives bytes. @returns the value of the call, the code of its error, or "none" */
  outcome(bytes: Uint8Array): unknown {
    this.client.receive(bytes);
    const outcome = this.client.outcomes.get(this.id);
    if (outcome !== undefined && this.client.links.size > 0) throw new Error("a link is left");
    return outcome === undefined ? "none" : outcome.ok ? outcome.value : outcome.error.code;
  }
}

const VERSION: Reply = { status: Status.success, payload: new TextEncoder().encode("20261121") };
const version = sampleRequest("version", 0);
const NOTHING = new Uint8Array(0);

describe.each(TYPES)("an answer to a request of type %i", (type) => {
  const headerBytes = type < 4 ? 32 : 48;

  it("is read in any pieces, without the bytes behind it", () => {
    for (let cut = 1; cut < headerBytes + 10; cut++) {
      const pending = new PendingRequest(type, version);
      const whole = concatBytes(pending.reply(VERSION), new Uint8Array(20).fill(0xee));
      expect(pending.outcome(whole.subarray(0, cut))).toBe("none");
      expect(pending.outcome(whole.subarray(cut))).toEqual({ version: "20261121" });
    }
  });

  it("is refused if it repeats another nonce, comes from another server or proves another key", () => {
    const proof: Readonly<Record<string, readonly number[]>> =
      type < 4
        ? { server: [0], echo: [6, 7], hash: [16, 27, 28, 31] }
        : { server: [0], echo: [46, 47], type: [16], ciphertext: [48, 55], hmac: [56, 87] };
    for (const at of Object.values(proof).flat()) {
      const pending = new PendingRequest(type, version);
      expect(pending.outcome(pending.reply(VERSION, { [at]: 1 })), `byte ${at}`).toBe("unproven");
    }
  });

  it("is refused if it answers another request of the same client", () => {
    const client = new ClientHarness({ encryption: CIPHERINGS[type].encryption, transport: "tcp", maxConnects: 2 });
    const [first, second] = [client.call(version), client.call(version)];
    const sent = client.open(client.connects[0]!.link);
    client.open(client.connects[1]!.link);
    const reply = answer(CIPHERINGS[type].how, sent, { status: Status.success });
    client.receive(reply, client.connects[1]!.link);
    expect(client.errorOf(second).code).toBe("unproven");
    expect(client.outcomes.has(first)).toBe(false);
  });

  it("ends in an error if it is truncated, endless, or too short for its format", () => {
    const length = new PendingRequest(type, version).reply(VERSION).length;
    for (const cut of [0, 1, 31, 32, length - 1]) {
      const pending = new PendingRequest(type, version);
      pending.client.receive(pending.reply(VERSION).subarray(0, cut));
      pending.client.close();
      expect(pending.client.errorOf(pending.id), `${cut} bytes`).toMatchObject({ code: "closed", path: "server[7]" });
    }
    const endless = new PendingRequest(type, version);
    expect(endless.outcome(endless.reply(VERSION, { 9: 0xff }))).toBe("limit");
    const none = new PendingRequest(type, version);
    expect(none.outcome(none.reply({ status: Status.success }))).toBe("short");
  });

  it("has no results for padding entries", () => {
    for (const command of ["detect", "pown", "getTicket", "find"] as const) {
      const pending = new PendingRequest(type, sampleRequest(command, 1));
      const entryBytes = command === "pown" || command === "find" ? 37 : 21;
      const { payload } = open(CIPHERINGS[type].how, pending.sent);
      const entries = payload.length / entryBytes;
      // The first entry is right, the padding is not.
      const bits = new Uint8Array(Math.ceil(entries / 8));
      bits[0] = 1;
      const mixed = entries > 1;
      const said: Readonly<Record<typeof command, readonly [unknown, Reply]>> = {
        detect: [
          { authentic: [true] },
          { status: mixed ? Status.mixed : Status.allPass, payload: mixed ? bits : NOTHING },
        ],
        pown: [
          { authentic: [true] },
          { status: mixed ? Status.mixed : Status.allPass, payload: mixed ? bits : NOTHING },
        ],
        getTicket: [
          { authentic: [true], ticket: 0x01020304 },
          {
            status: mixed ? Status.mixed : Status.allPass,
            payload: concatBytes(mixed ? bits : bits.slice(1), Uint8Array.of(1, 2, 3, 4)),
          },
        ],
        find: [
          { results: [2] },
          {
            status: mixed ? Status.findMixed : Status.findAllPan,
            payload: mixed ? Uint8Array.of(2, ...new Uint8Array(entries - 1)) : NOTHING,
          },
        ],
      };
      const [right, reply] = said[command];
      expect(pending.outcome(pending.reply(reply)), command).toEqual(right);
    }
  });

  it("ends in an error if it has another number of results", () => {
    for (const [command, reply] of [
      ["detect", { status: Status.mixed, payload: new Uint8Array(9) }],
      ["pown", { status: Status.mixed, payload: new Uint8Array(9) }],
      ["getTicket", { status: Status.mixed, payload: new Uint8Array(9) }],
      ["getTicket", { status: Status.allPass, payload: new Uint8Array(3) }],
      ["find", { status: Status.findMixed, payload: new Uint8Array(2) }],
    ] as const) {
      const pending = new PendingRequest(type, sampleRequest(command, 3));
      expect(typeof pending.outcome(pending.reply(reply)), command).toBe("string");
      expect(pending.client.outcomes.get(pending.id)!.ok).toBe(false);
    }
  });
});

describe("an error that a server reports before it reads the challenge", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 16, 27, 33, 34, 36, 255])("ends the call in `status`: %i", (status) => {
    for (const type of [0, 1, 2] as const) {
      const pending = new PendingRequest(type, version);
      expect(pending.outcome(pending.reply({ status }, { 6: 0xff, 16: 0xff, 31: 0xff }))).toBe("status");
    }
  });

  it("has the short header under types 4 and 5 if it precedes the encryption type", () => {
    for (const type of [4, 5] as const) {
      const pending = new PendingRequest(type, version);
      expect(pending.outcome(Uint8Array.of(SERVER, 0, 3, 0, 0, 1, ...new Uint8Array(26)))).toBe("status");
      const later = new PendingRequest(type, version);
      const long = Uint8Array.of(SERVER, 0, 25, ...new Uint8Array(45));
      expect(later.outcome(long.subarray(0, 32))).toBe("none");
      expect(later.outcome(long.subarray(32))).toBe("status");
    }
  });

  it("is no success even with a body", () => {
    const pending = new PendingRequest(0, sampleRequest("getEncryptionTicket", 0));
    const reply = pending.reply({ status: Status.errorCloudDisabled, payload: new Uint8Array(16) }, { 16: 1 });
    expect(pending.outcome(reply)).toBe("unproven");
  });
});

describe("a ticket for a key", () => {
  const ticket = Uint8Array.from({ length: 16 }, (_, i) => 0x61 + i);

  it.each([Status.noError, Status.errorCloudDisabled, Status.success])("is read at the status %i", (status) => {
    const pending = new PendingRequest(4, sampleRequest("getEncryptionTicket", 0));
    expect(pending.outcome(pending.reply({ status, payload: ticket }))).toEqual({ ticket });
  });

  it("is a copy, over TCP and by datagram", () => {
    const client = new ClientHarness();
    const id = client.call(sampleRequest("getEncryptionTicket", 0));
    const { peer, bytes } = client.datagrams[0]!;
    expect(peer).toBe(SERVERS[SERVER]);
    // The harness overwrites the bytes of an event after the step.
    client.receiveDatagram(peer, answer(undefined, bytes, { status: Status.noError, payload: ticket }));
    expect(client.resultOf(id)).toEqual({ ticket });
  });

  it("has one verdict per half, and one more in the C layout", () => {
    const verdicts = (count: number): Reply => ({
      status: Status.success,
      payload: Uint8Array.of(1, 0, 1, 1).subarray(0, count),
    });
    for (const [dialect, count, said] of [
      [undefined, 3, { accepted: [true, false] }],
      ["c-server", 3, { accepted: [true, false] }],
      ["west", 2, { accepted: [true, false] }],
      ["c-server", 2, "count"],
      ["west", 3, "count"],
    ] as const) {
      const pending = new PendingRequest(0, {
        ...sampleRequest("fixEncryption", 0),
        ...(dialect && { dialect }),
      } as RaidaRequest);
      expect(pending.outcome(pending.reply(verdicts(count))), `${dialect}, ${count}`).toEqual(said);
    }
  });
});

describe("an answer of type 5", () => {
  it("with a payload is proven but undecryptable if its nonce is not whole", () => {
    const pending = new PendingRequest(5, version, { readsType5: false });
    const reply = pending.reply({ ...VERSION, losesNonce: true });
    expect(pending.outcome(reply)).toBe("undecryptable");
    const forged = new PendingRequest(5, version, { readsType5: false });
    expect(forged.outcome(forged.reply({ ...VERSION, losesNonce: true }, { 56: 1 }))).toBe("unproven");
  });

  it("without a payload is read by its status", () => {
    const pending = new PendingRequest(5, sampleRequest("detect", 2), { readsType5: false });
    expect(pending.outcome(pending.reply({ status: Status.allFail }))).toEqual({ authentic: [false, false] });
  });

  it("is read in the natural layout, unless `readsType5` is false", () => {
    const natural = new PendingRequest(5, version, { type45Layout: "natural", readsType5: true });
    expect(natural.outcome(natural.reply(VERSION))).toEqual({ version: "20261121" });
    const not = new PendingRequest(5, version, { type45Layout: "natural", readsType5: false });
    expect(not.outcome(not.reply(VERSION))).toBe("undecryptable");
  });
});
