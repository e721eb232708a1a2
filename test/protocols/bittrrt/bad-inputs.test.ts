/** Invalid input, by the numbers of the reference's faults in seeds/bittrrt (faults, and what we do). */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ACK_FLAGS,
  answerBinary,
  beginBinary,
  BINARY_HEARTBEAT_FLAGS,
  CONTROL_FLAGS,
  flagsOf,
  FrameKey,
  KeyPair,
  parsePortRanges,
  TEXT_HEARTBEAT_FLAGS,
  writeHandshake,
  writeJson,
  type BittrrtProfile,
  type FrameFields,
  type Json,
} from "../../../src/protocols/bittrrt/index.js";
import { parseAddress } from "../../../src/transport/index.js";
import { connect, ServerHarness, random, token } from "./server-harness.js";
import { utf8 } from "./vectors.js";
import { KEY, reasonOf, replyOf, session } from "./session-harness.js";
import { ClientHarness } from "./client-harness.js";
import { eventsOf, world } from "./world.js";

const PROFILES: readonly BittrrtProfile[] = ["strict", "reference"];
const NOW = 1_700_000_000_000n;
const HOME = "192.0.2.1:5000";
const MAIN = "192.0.2.9:6711";
const offer = (): Uint8Array => connect(KeyPair.generate(random));

describe("1: port ranges", () => {
  it.each(["x", "5-", "1;2", "-"])("that cannot be parsed, %j, are refused when a server is made", (portRanges) => {
    for (const profile of PROFILES) {
      expect(() => new ServerHarness({ profile, portRanges })).toThrow(expect.objectContaining({ path: "portRanges" }));
    }
  });

  it.each(["9-5", "1-5,5-9", "0-5", "65535-65536"])("that cannot be bound, %j, are refused by strict", (text) => {
    expect(() => parsePortRanges(text, "strict")).toThrow(expect.objectContaining({ path: "portRanges" }));
    expect(parsePortRanges(text, "reference").length).toBeGreaterThan(0);
  });

  it.each(PROFILES)("without a port give every client an error, and stop nothing (%s)", (profile) => {
    const server = new ServerHarness({ profile, portRanges: "" });
    for (let i = 0; i < 3; i++) expect(server.receive(HOME, offer())).toHaveLength(1);
    expect(eventsOf(server.events, "full")).toHaveLength(3);
  });
});

describe("2: clients that connect at the same time", () => {
  it.each(PROFILES)("get three ports each or none, and no port leaks (%s)", (profile) => {
    const { simulation, client, freePorts, server } = world({ profile, portRanges: "7000-7005" });
    const calls = ["a", "b", "c"].map((name) => {
      return client(name, { profile, attemptsMax: 1, connectsMax: 5 }).call({ command: "connect" }, 60_000);
    });
    simulation.runFor(10_000);
    expect(calls.filter(({ outcome }) => outcome?.ok === true)).toHaveLength(2);
    expect(calls.filter(({ outcome }) => outcome?.ok === false && outcome.error.code === "status")).toHaveLength(1);
    for (const name of ["a", "b", "c"]) simulation.partition(name);
    simulation.partition("server");
    simulation.runFor(60_000);
    expect(freePorts()).toBe(6);
    expect(eventsOf(server.emitted, "gone")).toHaveLength(2);
  });
});

describe("3: a port that is in use", () => {
  it.each([7000, 7001, 7002].flatMap((port) => PROFILES.map((profile) => [port, profile] as const)))(
    "is skipped: %d (%s)",
    (port, profile) => {
      const { simulation, client, freePorts } = world({ profile, portRanges: "7000-7003" });
      simulation.occupy(`server:${port}`);
      const call = client("one", { profile }).call({ command: "connect" });
      simulation.runUntil(() => call.outcome !== undefined, 10_000);
      expect(call.outcome).toMatchObject({ ok: true });
      expect(freePorts()).toBe(1);
    },
  );
});

describe("4: an address", () => {
  it.each(PROFILES)("that was served before is served again, and each key gets its own answer (%s)", (profile) => {
    const server = new ServerHarness({ profile });
    const connected = (pair: KeyPair): ReturnType<ServerHarness["connect"]> =>
      server.connect(HOME, pair) ?? server.connect(HOME, pair);
    const [first, second] = [connected(KeyPair.generate(random)), connected(KeyPair.generate(random))];
    expect(second!.ports).not.toEqual(first!.ports);
    server.pass(60_000);
    expect(server.machine.freePorts).toBe(60);
    expect(connected(KeyPair.generate(random))).toBeDefined();
  });

  it.each(PROFILES)("changes with each attempt, and undecryptable ports do not end one early (%s)", (profile) => {
    const client = new ClientHarness({ server: MAIN, profile, connectsMax: 3, attemptsMax: 2 });
    const call = client.call({ command: "connect" });
    const other = new FrameKey(new Uint8Array(32), { random });
    for (let i = 0; i < 8; i++) {
      client.receive(
        MAIN,
        token(writeHandshake({ command: "connected", publicKey: KeyPair.generate(random).publicKey })),
      );
      client.receive(MAIN, other.seal(utf8('{"cmd": "ports", "ctrl_port": 1, "up_port": 2, "dn_port": 3}')));
      client.pass(1_000);
    }
    expect(client.errorOf(call)?.code).toBe("unreachable");
    const locals = eventsOf(client.events, "attempt").map(({ local }) => local);
    expect(new Set(locals).size).toBe(2);
    // Three connects from the first address, whatever it received, and three from the second.
    expect(client.sent.map(({ from }) => from)).toEqual(locals.flatMap((local) => [local, local, local]));
  });
});

/** What a server of each profile does with a heartbeat. */
function reactions(payload: Uint8Array, fields: FrameFields): { strict: string | undefined; reference: boolean } {
  const datagram = KEY.seal(payload, { flags: BINARY_HEARTBEAT_FLAGS, ...fields });
  const reference = session({ profile: "reference" }).receive(datagram, NOW);
  return { strict: reasonOf(session().receive(datagram, NOW)), reference: replyOf(reference) !== undefined };
}

describe("5: echoes without end", () => {
  it("are answered by the reference only", () => {
    const sequence = 2n ** 64n - 1n;
    expect(reactions(beginBinary(NOW), { sequence })).toEqual({ strict: "an echo outside of 0 to 3", reference: true });
    expect(reactions(beginBinary(NOW), { sequence: 4n })).toEqual({
      strict: "an echo outside of 0 to 3",
      reference: true,
    });
  });

  it("do not grow: wrong numbers of stamps are refused, and payloads whose answer would be too long", () => {
    const stamps = new Uint8Array(8 * 100);
    const strict = "a wrong number of stamps";
    expect(reactions(stamps, { sequence: 3n })).toEqual({ strict, reference: true });
    expect(reactions(new Uint8Array(1_448), { sequence: 4n }).reference).toBe(false);
    const text = utf8("client_ts3=1 echo=2 x=".padEnd(1_452, "x"));
    expect(reactions(text, { flags: TEXT_HEARTBEAT_FLAGS })).toEqual({
      strict: "a heartbeat whose answer would be too long",
      reference: false,
    });
  });

  it("of 1,453 bytes are neither sealed nor opened", () => {
    expect(() => KEY.seal(new Uint8Array(1_453))).toThrow(expect.objectContaining({ code: "limit" }));
    const long = new FrameKey(new Uint8Array(32).fill(5), { random, plaintextBytesMax: Infinity });
    const datagram = long.seal(new Uint8Array(1_453), { flags: BINARY_HEARTBEAT_FLAGS, sequence: 3n });
    expect(reasonOf(session().receive(datagram, NOW))).toMatch(/1501/);
  });

  it("of 1,453 bytes are sent by the reference, and lost at the ports of both ends", () => {
    const server = new ServerHarness({ profile: "reference" });
    const pair = KeyPair.generate(random);
    const { key: agreed, ports } = (server.connect(HOME, pair) ?? server.connect(HOME, pair))!;
    expect(server.receive(HOME, agreed.seal(new Uint8Array(1_452)), ports.ctrl)).toHaveLength(1);
    const key = pair.agree(server.keyOf(HOME), { random, plaintextBytesMax: Infinity });
    for (const bytes of [1_453, 1_500]) {
      expect(server.receive(HOME, key.seal(new Uint8Array(bytes)), ports.ctrl)).toEqual([]);
    }
  });

  it("may carry ports of up to 4,096 bytes to the main port of a client under `reference`", () => {
    const pair = KeyPair.generate(random);
    const states = [1_453, 4_096 - 48, 4_096 - 47].map((bytes) => {
      const client = new ClientHarness({ server: MAIN, profile: "reference" });
      client.call({ command: "connect" });
      client.receive(MAIN, token(writeHandshake({ command: "connected", publicKey: pair.publicKey })));
      const key = pair.agree(client.publicKey!, { random, plaintextBytesMax: Infinity });
      const ports = '{"cmd": "ports", "ctrl_port": 7000, "up_port": 7001, "dn_port": 7002}';
      client.receive(MAIN, key.seal(utf8(ports.padEnd(bytes))));
      return client.state;
    });
    expect(states).toEqual(["connected", "connected", "connecting"]);
  });
});

describe("6: repeated frames", () => {
  it.each(PROFILES)("reflected ones, replays, and from any host (%s)", (profile) => {
    const answersAll = profile === "reference";
    const server = new ServerHarness({ profile });
    const pair = KeyPair.generate(random);
    const { key, ports } = (server.connect(HOME, pair) ?? server.connect(HOME, pair))!;
    const datagram = key.seal(beginBinary(NOW), { flags: BINARY_HEARTBEAT_FLAGS, sequence: 3n });
    const [reply] = server.receive(HOME, datagram, ports.up);
    expect(server.receive(HOME, datagram, ports.up).length).toBe(answersAll ? 1 : 0);
    expect(server.receive(HOME, reply!.bytes, ports.up).length).toBe(answersAll ? 1 : 0);
    const other = key.seal(beginBinary(NOW + 1n), { flags: BINARY_HEARTBEAT_FLAGS, sequence: 3n });
    expect(server.receive("198.51.100.1:1", other, ports.up).length).toBe(answersAll ? 1 : 0);
  });
});

describe("7: payloads that are no stamps", () => {
  it.each<[string, Uint8Array, bigint]>([
    ["nothing", new Uint8Array(0), 3n],
    ["half a stamp", new Uint8Array(5), 3n],
    ["text", utf8("heartbeat"), 3n],
    ["too few", beginBinary(NOW), 1n],
  ])("%s: answered by the reference only", (_, payload, sequence) => {
    const strict = "a wrong number of stamps";
    expect(reactions(payload, { sequence })).toEqual({ strict, reference: true });
  });

  it("give a client no latency, nor do impossible clocks", () => {
    for (const payload of [utf8("not a row of stamps, this"), answerBinary(beginBinary(2n ** 63n), 5n)]) {
      const datagram = KEY.seal(payload, { flags: BINARY_HEARTBEAT_FLAGS, sequence: 2n });
      expect(session({ role: "client" }).receive(datagram, NOW)).toMatchObject({ type: "refused" });
    }
  });
});

const PUBKEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const LOW_ORDER = `${"A".repeat(43)}=`;

describe("any payload of a peer with the key", () => {
  it("makes neither end throw, in either profile", () => {
    const words = fc.constantFrom("echo=", "client_ts3=", "server_ts2=", "1", "-", "9".repeat(400), " ", "x", "3");
    const text = fc.array(words, { maxLength: 40 }).map((all) => utf8(all.join("").slice(0, 1_452)));
    const payload = fc.oneof(fc.uint8Array({ maxLength: 100 }), text, fc.constant(new Uint8Array(1_452)));
    const fields = fc.record({
      flags: fc.constantFrom(
        CONTROL_FLAGS,
        2,
        TEXT_HEARTBEAT_FLAGS,
        BINARY_HEARTBEAT_FLAGS,
        flagsOf("data"),
        ACK_FLAGS,
        255,
      ),
      channel: fc.nat(0xffffff),
      sequence: fc.oneof(fc.bigInt(0n, 5n), fc.bigInt(0n, 2n ** 64n - 1n)),
      offset: fc.bigInt(0n, 2n ** 64n - 1n),
    });
    const all = PROFILES.flatMap((profile) => [session({ profile }), session({ profile, role: "client" })]);
    fc.assert(
      fc.property(payload, fields, (bytes, header) => {
        const datagram = KEY.seal(bytes, header);
        for (const one of all) expect(one.receive(datagram, NOW).type).toMatch(/refused|heartbeat|control|ack|frame/);
      }),
      { numRuns: 500 },
    );
  });
});

describe("8: invalid handshakes", () => {
  it.each<[string, Uint8Array]>([
    ["JSON that is a list", token("[]")],
    ["JSON that is text", token('"connect"')],
    ["JSON that is null", token("null")],
    ["a key that is a number", token('{"cmd": "connect", "pubkey": 5}')],
    ["a key of 31 bytes", token('{"cmd": "connect", "pubkey": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg=="}')],
    ["a key of low order", token(`{"cmd": "connect", "pubkey": "${LOW_ORDER}"}`)],
    ["a token that is too short", utf8("gAAAAA==")],
    ["a token that is no base64", utf8("\u{fffd}".repeat(68))],
  ])("%s: no answer, one event", (_, bytes) => {
    for (const profile of PROFILES) {
      const server = new ServerHarness({ profile });
      expect(server.receive(HOME, bytes)).toEqual([]);
      expect(server.events).toMatchObject([{ type: "refused", port: "main" }]);
      expect(server.machine.freePorts).toBe(60);
    }
  });
});

/** How a client ends whose server sends this key and these ports. */
function outcomeOf(profile: BittrrtProfile, pubkey: string | undefined, ports: Json): string {
  const client = new ClientHarness({ server: MAIN, profile, connectsMax: 3, attemptsMax: 1 });
  const call = client.call({ command: "connect" });
  const pair = KeyPair.generate(random);
  const said = pubkey ?? writeHandshake({ command: "connected", publicKey: pair.publicKey });
  client.receive(MAIN, token(pubkey === undefined ? said : `{"cmd": "connected", "pubkey": ${said}}`));
  if (client.publicKey !== undefined) {
    client.receive(MAIN, pair.agree(client.publicKey, { random }).seal(utf8(writeJson(ports))));
  }
  client.pass(5_000);
  return client.errorOf(call)?.code ?? client.state;
}

describe("9: a server that sends invalid values", () => {
  it.each(["5", "null", '""', `"${PUBKEY.slice(0, -1)}"`, `"${LOW_ORDER}"`])(
    "fails an attempt with the key %s",
    (pubkey) => {
      for (const profile of PROFILES) expect(outcomeOf(profile, pubkey, {})).toBe("unreachable");
    },
  );

  it.each<Json>([
    { cmd: "ports", ctrl_port: 1, up_port: 2 },
    { cmd: "ports", ctrl_port: 1, up_port: 2, dn_port: null },
    { cmd: "ports", ctrl_port: 1, up_port: 2, dn_port: "3" },
    { cmd: "ports", ctrl_port: 1, up_port: 2, dn_port: 99_999 },
    { cmd: "ports", ctrl_port: 1, up_port: 0, dn_port: 3 },
    [],
  ])("fails an attempt with the ports %j", (ports) => {
    for (const profile of PROFILES) expect(outcomeOf(profile, undefined, ports)).toBe("text");
  });

  it("has a session with valid ones", () => {
    for (const profile of PROFILES) {
      const ports = { cmd: "ports", ctrl_port: 1, up_port: 2, dn_port: 3 };
      expect(outcomeOf(profile, undefined, ports)).toBe(profile === "strict" ? "probing" : "connected");
    }
  });
});

describe("an acknowledgement", () => {
  /** Whether a frame with these flags at a port acknowledges a control message. */
  const isSettled = (profile: BittrrtProfile, port: number, flags: number, sequence?: bigint): boolean => {
    const client = new ClientHarness({ server: MAIN, profile });
    client.call({ command: "connect" });
    const pair = KeyPair.generate(random);
    client.receive(MAIN, token(writeHandshake({ command: "connected", publicKey: pair.publicKey })));
    const key = pair.agree(client.publicKey!, { random });
    const ports = { cmd: "ports", ctrl_port: 7000, up_port: 7001, dn_port: 7002 };
    client.receive(MAIN, key.seal(utf8(writeJson(ports))));
    const receive = (from: number, bytes: Uint8Array): void => {
      const local = client.sent.find(({ to }) => to === `192.0.2.9:${from}`)!.from!;
      client.receive(`192.0.2.9:${from}`, bytes, local);
    };
    const beat = client.sent.find(({ to }) => to === "192.0.2.9:7000")!.bytes;
    receive(
      7000,
      key.seal(answerBinary(key.open(beat).plaintext, 1n), { flags: BINARY_HEARTBEAT_FLAGS, sequence: 2n }),
    );
    const call = client.call({ command: "control", payload: utf8("{}") });
    const asked = key.open(client.sent.at(-1)!.bytes);
    expect(asked.flags).toBe(CONTROL_FLAGS);
    receive(
      port,
      key.seal(utf8("what is here does not matter"), {
        flags,
        channel: 9,
        offset: 7n,
        sequence: sequence ?? asked.sequence,
      }),
    );
    expect(client.errorOf(call)).toBeUndefined();
    return client.outcomes.has(call);
  };

  it.each(PROFILES)("is recognised by flag and sequence, at the control port only (%s)", (profile) => {
    expect(isSettled(profile, 7000, ACK_FLAGS)).toBe(true);
    expect(isSettled(profile, 7000, ACK_FLAGS, 5n)).toBe(false);
    expect(isSettled(profile, 7001, ACK_FLAGS)).toBe(false);
  });

  it("can be a heartbeat too, for the reference", () => {
    expect(PROFILES.map((profile) => isSettled(profile, 7000, ACK_FLAGS | BINARY_HEARTBEAT_FLAGS))).toEqual([
      false,
      true,
    ]);
    expect(isSettled("reference", 7002, ACK_FLAGS | BINARY_HEARTBEAT_FLAGS)).toBe(false);
  });
});

describe("10: a sender who claims to be the server", () => {
  it.each(PROFILES)("is accepted by the reference, not by strict (%s)", (profile) => {
    const client = new ClientHarness({ server: MAIN, profile });
    client.call({ command: "connect" });
    client.receive("198.51.100.1:6711", token('{"cmd": "error", "message": "go away"}'));
    expect(eventsOf(client.events, "serverFull")).toHaveLength(profile === "reference" ? 1 : 0);
    expect(eventsOf(client.events, "refused")).toHaveLength(profile === "reference" ? 0 : 1);
  });

  it.each(PROFILES)("is refused where the server key is pinned (%s)", (profile) => {
    const client = new ClientHarness({ server: MAIN, profile, serverKey: new Uint8Array(32).fill(9) });
    client.call({ command: "connect" });
    client.receive(
      MAIN,
      token(writeHandshake({ command: "connected", publicKey: KeyPair.generate(random).publicKey })),
    );
    expect(eventsOf(client.events, "refused").map(({ issue }) => issue.actual)).toEqual([
      "another key than the pinned one",
    ]);
  });
});

describe("11: an address in brackets", () => {
  it("is an IPv6 host and a port", () => {
    expect(parseAddress("[::1]:7000")).toEqual({ host: "::1", port: 7000 });
    const client = new ClientHarness({ server: "[::1]:7000", bindHost: "[::]", profile: "reference" });
    client.call({ command: "connect" });
    expect(client.sent.map(({ to }) => to)).toEqual(["[::1]:7000"]);
  });

  it("that is invalid is refused when a client is made", () => {
    for (const server of ["10", "host", "host:x", ""]) {
      expect(() => new ClientHarness({ server })).toThrow(expect.objectContaining({ path: "server" }));
    }
  });
});

describe("12: sockets that cannot be bound, for any reason", () => {
  it.each(PROFILES)("give a client no ports, and all are released (%s)", (profile) => {
    const server = new ServerHarness({ profile }, "EACCES");
    expect(server.connect(HOME)).toBeUndefined();
    expect(eventsOf(server.events, "full")).toHaveLength(1);
    expect(server.machine.freePorts).toBe(60);
  });

  it.each(PROFILES)("fail the call of a client (%s)", (profile) => {
    const client = new ClientHarness({ server: MAIN, profile }, "EACCES");
    expect(client.errorOf(client.call({ command: "connect" }))).toMatchObject({ code: "argument", actual: "EACCES" });
  });
});

describe("13: a key that is serialised", () => {
  it("does not appear in JSON or in a structured clone", () => {
    const key = new FrameKey(new Uint8Array(32).fill(171), { random });
    expect(JSON.stringify({ key, pair: new KeyPair(new Uint8Array(32).fill(171)) })).toBe(
      '{"key":"[bittrrt key, redacted]","pair":"[x25519 pair, redacted]"}',
    );
    expect(structuredClone(key)).toEqual({ plaintextBytesMax: 1_452 });
  });
});

describe("14: values of another type", () => {
  it.each(["text", null, undefined, [1, 2], new ArrayBuffer(3)])("the plaintext %o", (plaintext) => {
    expect(() => KEY.seal(plaintext as never)).toThrow(expect.objectContaining({ name: "WireError" }));
  });

  it.each([null, "5", {}, true, [7], NaN])("the channel, sequence or flags %o", (value) => {
    for (const overflow of ["throw", "mask"] as const) {
      const key = new FrameKey(new Uint8Array(32), { random, overflow });
      for (const name of ["channel", "sequence", "flags", "offset"]) {
        const fields = { [name]: value } as FrameFields;
        expect(() => key.seal(utf8(""), fields)).toThrow(expect.objectContaining({ name: "WireError", path: name }));
      }
    }
  });
});

describe("15: a flood of connects", () => {
  it.each(PROFILES)("is answered without limit by the reference only (%s)", (profile) => {
    const server = new ServerHarness({ profile, portRanges: "7000-7299" });
    const again = offer();
    for (let i = 0; i < 50; i++) server.receive(`192.0.2.1:${i}`, offer());
    for (let i = 0; i < 50; i++) server.receive("192.0.2.2:1", again);
    const answered = eventsOf(server.events, "ready").length;
    const refused = eventsOf(server.events, "refused").length;
    // 20 key agreements for one address, and 5 answers to one client.
    expect([answered, refused]).toEqual(profile === "reference" ? [51, 0] : [21, 30 + 45]);
  });
});
