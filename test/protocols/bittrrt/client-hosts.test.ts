/** From which hosts a server accepts the frames of a client, and how many handshakes. */
import { describe, expect, it } from "vitest";
import {
  beginBinary,
  BINARY_HEARTBEAT_FLAGS,
  flagsOf,
  KeyPair,
  type FrameKey,
} from "../../../src/protocols/bittrrt/index.js";
import { connect, ServerHarness, random } from "./server-harness.js";
import { utf8 } from "./vectors.js";

/** Where a client sends `connect` from. */
const HOME = "192.0.2.1:5000";
const THEIRS = "192.0.2.1:40001";
const STRANGER = "198.51.100.7:9";
const STRANGE = "another host than the client's";

let stamp = 1n;
/** A heartbeat of a client, each with a later stamp. */
const heartbeat = (key: FrameKey): Uint8Array =>
  key.seal(beginBinary(stamp++), { flags: BINARY_HEARTBEAT_FLAGS, sequence: 3n });

describe("a port of a client", () => {
  const start = (): { server: ServerHarness; key: FrameKey; port: number } => {
    const server = new ServerHarness();
    const { key, ports } = server.connect(HOME)!;
    return { server, key, port: ports.up };
  };

  it("answers the address that a frame comes from, even if a NAT gives it another port", () => {
    const { server, key, port } = start();
    for (const peer of [THEIRS, "192.0.2.1:40002", HOME]) {
      expect(server.receive(peer, heartbeat(key), port)).toMatchObject([{ from: `server:${port}`, to: peer }]);
    }
  });

  it("does not answer another host that has captured a frame, and still accepts the frame from the client", () => {
    const { server, key, port } = start();
    server.receive(THEIRS, heartbeat(key), port);
    const captured = heartbeat(key);
    expect(server.refusal(STRANGER, captured, port)).toBe(STRANGE);
    expect(server.receive(THEIRS, captured, port)).toMatchObject([{ to: THEIRS }]);
  });

  it("accepts a new frame from another host while the first host is silent", () => {
    const { server, key, port } = start();
    const old = heartbeat(key);
    server.receive(THEIRS, old, port);
    server.nowMs += 14_999;
    expect(server.refusal(STRANGER, heartbeat(key), port)).toBe(STRANGE);
    server.nowMs += 1;
    expect(server.refusal(STRANGER, old, port)).toBe("a repeated frame");
    expect(server.refusal(STRANGER, new Uint8Array(56), port)).toBe("tag");
    for (let i = 0; i < 3; i++) {
      expect(server.receive(STRANGER, heartbeat(key), port)).toMatchObject([{ to: STRANGER }]);
      server.nowMs += 1_000;
    }
    // The first host is accepted again at once.
    expect(server.receive(THEIRS, heartbeat(key), port)).toMatchObject([{ to: THEIRS }]);
    expect(server.refusal(STRANGER, heartbeat(key), port)).toBe(STRANGE);
  });

  it("is not reserved for its host by frames without an order", () => {
    const { server, key, port } = start();
    server.receive(THEIRS, heartbeat(key), port);
    server.nowMs += 10_000;
    expect(server.refusal(THEIRS, key.seal(utf8("data"), { flags: flagsOf("data") }), port)).toBeUndefined();
    server.nowMs += 5_000;
    expect(server.refusal(STRANGER, heartbeat(key), port)).toBeUndefined();
  });

  it("waits for the host that received the ports, before it accepts others", () => {
    const { server, key, port } = start();
    server.nowMs = 2_999;
    expect(server.refusal(STRANGER, heartbeat(key), port)).toBe(STRANGE);
    server.nowMs = 3_000;
    expect(server.receive(STRANGER, heartbeat(key), port)).toMatchObject([{ to: STRANGER }]);
  });

  it("answers every host under `reference`", () => {
    const server = new ServerHarness({ profile: "reference" });
    const pair = KeyPair.generate(random);
    server.connect(HOME, pair);
    const { key, ports } = server.connect(HOME, pair)!;
    for (const peer of [THEIRS, STRANGER]) {
      expect(server.receive(peer, heartbeat(key), ports.up)).toMatchObject([{ to: peer }]);
    }
  });

  it("emits clear text with `plainFallback`, and does not answer it", () => {
    const server = new ServerHarness({ plainFallback: true });
    const { ports } = server.connect(HOME)!;
    expect(server.receive(THEIRS, utf8("heartbeat-0"), ports.up)).toEqual([]);
    expect(server.events.at(-1)).toEqual({ type: "plain", peer: THEIRS, port: "up", bytes: utf8("heartbeat-0") });
  });
});

describe("handshakes", () => {
  const TOO_MANY = "too many handshakes";
  const offer = (server: ServerHarness, peer: string): string | undefined =>
    server.refusal(peer, connect(KeyPair.generate(random)));

  it("from one address are bounded, and leave room for other addresses", () => {
    const server = new ServerHarness({ networkHandshakesPerSecond: 4, handshakesPerSecond: 10 });
    const reasons = Array.from({ length: 50 }, (_, i) => offer(server, `192.0.2.1:${i}`));
    expect(reasons.filter((reason) => reason === undefined)).toHaveLength(4);
    expect(offer(server, HOME)).toBe(TOO_MANY);
    expect(Array.from({ length: 4 }, (_, i) => offer(server, `192.0.2.2:${i}`))).toEqual(Array(4).fill(undefined));
    // All addresses together have a bound too.
    expect(Array.from({ length: 4 }, (_, i) => offer(server, `192.0.2.3:${i}`))).toEqual([
      undefined,
      undefined,
      TOO_MANY,
      TOO_MANY,
    ]);
    server.nowMs = 1_000;
    expect(offer(server, HOME)).toBeUndefined();
  });

  it("of clients behind one address are all admitted in time: a repeated `connect` costs nothing", () => {
    const server = new ServerHarness({ portRanges: "7000-7299" });
    const pairs = Array.from({ length: 60 }, () => KeyPair.generate(random));
    const connected = new Set<number>();
    for (; server.nowMs < 5_000; server.nowMs += 1_000) {
      pairs.forEach((pair, i) => {
        if (server.connect(`192.0.2.1:${i}`, pair) !== undefined) connected.add(i);
      });
    }
    expect(connected.size).toBe(60);
  });

  it("from a network with many clients give way to those from others", () => {
    const server = new ServerHarness({ portRanges: "7000-7008" });
    for (let i = 0; i < 10; i++) offer(server, `192.0.2.1:${i}`);
    expect(server.machine.freePorts).toBe(0);
    const [one, other] = [server.connect("198.51.100.1:1"), server.connect("198.51.100.2:1")];
    expect(one?.ports).toBeDefined();
    expect(other?.ports).toBeDefined();
    // Three networks with one client each: none gives way early.
    expect(server.connect("198.51.100.3:1")).toBeUndefined();
    server.nowMs = 3_000;
    expect(server.connect("198.51.100.3:1")).toBeDefined();
  });

  it("do not take the ports of an established client", () => {
    const server = new ServerHarness({ portRanges: "7000-7005" });
    const hosts = ["192.0.2.1:1", "192.0.2.1:2"];
    for (const host of hosts) {
      const { key, ports } = server.connect(host)!;
      server.receive(host, heartbeat(key), ports.ctrl);
    }
    server.nowMs = 10_000;
    expect(server.connect("198.51.100.1:1")).toBeUndefined();
  });
});

describe("a permanent server key", () => {
  const privateKey = new Uint8Array(32).fill(7);

  it("serves the key of a client once, so that frames of the session cannot be replayed in another", () => {
    const server = new ServerHarness({ privateKey });
    const pair = KeyPair.generate(random);
    const { key, ports } = server.connect(HOME, pair)!;
    expect(server.receive(THEIRS, heartbeat(key), ports.up)).toHaveLength(1);
    // From elsewhere, during the session and after it.
    expect(server.refusal(STRANGER, connect(pair))).toBe("the key of an earlier session");
    server.pass(60_000);
    expect(server.events.at(-1)).toEqual({ type: "gone", peer: HOME });
    expect(server.refusal(HOME, connect(pair))).toBe("the key of an earlier session");
  });

  it("serves the owner of the client key: those who replayed its `connect` are dropped", () => {
    const server = new ServerHarness({ privateKey });
    const pair = KeyPair.generate(random);
    const [thief, owner] = [server.connect(STRANGER, pair)!, server.connect(HOME, pair)!];
    const datagram = heartbeat(owner.key);
    expect(server.receive(THEIRS, datagram, owner.ports.up)).toHaveLength(1);
    expect(server.events.filter(({ type }) => type === "gone")).toEqual([{ type: "gone", peer: STRANGER }]);
    expect(server.receive(STRANGER, datagram, thief.ports.up)).toEqual([]);
  });

  it("is optional: without it each client gets another key", () => {
    const server = new ServerHarness();
    const pair = KeyPair.generate(random);
    const [one, other] = [server.connect(STRANGER, pair)!, server.connect(HOME, pair)!];
    expect(other.key.tryOpen(heartbeat(one.key)).ok).toBe(false);
  });
});
