import { describe, expect, it } from "vitest";
import { beginBinary, KeyPair, type FrameKey } from "../../../src/protocols/bittrrt/index.js";
import { connect, DrivenServer, random } from "./driven-server.js";
import { utf8 } from "./recordings.js";

const HOME = "192.0.2.1:5000";
const THEIRS = "192.0.2.1:40001";
const STRANGER = "198.51.100.7:9";
const STRANGE = "another host than the client's";

let stamp = 1n;
/** A client's heartbeat, each with a later stamp. */
const heartbeat = (key: FrameKey): Uint8Array => key.seal(beginBinary(stamp++), { flags: 19, sequence: 3n });

describe("a port of a client", () => {
  const begun = (): { server: DrivenServer; key: FrameKey; port: number } => {
    const server = new DrivenServer();
    const { key, ports } = server.connect(HOME)!;
    return { server, key, port: ports.up };
  };

  it("answers the address that a frame comes from, also when a NAT gives it another port", () => {
    const { server, key, port } = begun();
    for (const peer of [THEIRS, "192.0.2.1:40002", HOME]) {
      expect(server.hear(peer, heartbeat(key), port)).toMatchObject([{ from: `server:${port}`, to: peer }]);
    }
  });

  it("does not answer another host, and takes from it nothing of what it captured", () => {
    const { server, key, port } = begun();
    server.hear(THEIRS, heartbeat(key), port);
    const captured = heartbeat(key);
    expect(server.refusal(STRANGER, captured, port)).toBe(STRANGE);
    expect(server.hear(THEIRS, captured, port)).toMatchObject([{ to: THEIRS }]);
  });

  it("hears its client at another host while the first is silent, if the frame is new", () => {
    const { server, key, port } = begun();
    const old = heartbeat(key);
    server.hear(THEIRS, old, port);
    server.nowMs += 14_999;
    expect(server.refusal(STRANGER, heartbeat(key), port)).toBe(STRANGE);
    server.nowMs += 1;
    expect(server.refusal(STRANGER, old, port)).toBe("a frame that came before");
    expect(server.refusal(STRANGER, new Uint8Array(56), port)).toBe("tag");
    for (let i = 0; i < 3; i++) {
      expect(server.hear(STRANGER, heartbeat(key), port)).toMatchObject([{ to: STRANGER }]);
      server.nowMs += 1_000;
    }
    // Whoever had the client's place there does not keep it from its own.
    expect(server.hear(THEIRS, heartbeat(key), port)).toMatchObject([{ to: THEIRS }]);
    expect(server.refusal(STRANGER, heartbeat(key), port)).toBe(STRANGE);
  });

  it("is not kept by frames that say nothing of their age", () => {
    const { server, key, port } = begun();
    server.hear(THEIRS, heartbeat(key), port);
    server.nowMs += 10_000;
    expect(server.refusal(THEIRS, key.seal(utf8("data"), { flags: 32 }), port)).toBeUndefined();
    server.nowMs += 5_000;
    expect(server.refusal(STRANGER, heartbeat(key), port)).toBeUndefined();
  });

  it("waits a while for the host that its ports were told to, before it hears others", () => {
    const { server, key, port } = begun();
    server.nowMs = 2_999;
    expect(server.refusal(STRANGER, heartbeat(key), port)).toBe(STRANGE);
    server.nowMs = 3_000;
    expect(server.hear(STRANGER, heartbeat(key), port)).toMatchObject([{ to: STRANGER }]);
  });

  it("answers whoever has a frame under `reference`", () => {
    const server = new DrivenServer({ profile: "reference" });
    const pair = KeyPair.generate(random);
    server.connect(HOME, pair);
    const { key, ports } = server.connect(HOME, pair)!;
    for (const peer of [THEIRS, STRANGER]) {
      expect(server.hear(peer, heartbeat(key), ports.up)).toMatchObject([{ to: peer }]);
    }
  });

  it("tells clear text of its client where that is wanted, and answers nothing", () => {
    const server = new DrivenServer({ plainFallback: true });
    const { ports } = server.connect(HOME)!;
    expect(server.hear(THEIRS, utf8("heartbeat-0"), ports.up)).toEqual([]);
    expect(server.events.at(-1)).toEqual({ type: "plain", peer: THEIRS, port: "up", bytes: utf8("heartbeat-0") });
  });
});

describe("handshakes", () => {
  const TOO_MANY = "too many handshakes";
  const offer = (server: DrivenServer, peer: string): string | undefined =>
    server.refusal(peer, connect(KeyPair.generate(random)));

  it("of one address are bounded, and leave room for those of others", () => {
    const server = new DrivenServer({ networkHandshakesPerSecond: 4, handshakesPerSecond: 10 });
    const reasons = Array.from({ length: 50 }, (_, i) => offer(server, `192.0.2.1:${i}`));
    expect(reasons.filter((reason) => reason === undefined)).toHaveLength(4);
    expect(offer(server, HOME)).toBe(TOO_MANY);
    expect(Array.from({ length: 4 }, (_, i) => offer(server, `192.0.2.2:${i}`))).toEqual(Array(4).fill(undefined));
    // All together have their own bound.
    expect(Array.from({ length: 4 }, (_, i) => offer(server, `192.0.2.3:${i}`))).toEqual([
      undefined,
      undefined,
      TOO_MANY,
      TOO_MANY,
    ]);
    server.nowMs = 1_000;
    expect(offer(server, HOME)).toBeUndefined();
  });

  it("of clients behind one address are admitted one after the other: a `connect` that is sent again costs nothing", () => {
    const server = new DrivenServer({ portRanges: "7000-7299" });
    const pairs = Array.from({ length: 60 }, () => KeyPair.generate(random));
    const connected = new Set<number>();
    for (; server.nowMs < 5_000; server.nowMs += 1_000) {
      pairs.forEach((pair, i) => {
        if (server.connect(`192.0.2.1:${i}`, pair) !== undefined) connected.add(i);
      });
    }
    expect(connected.size).toBe(60);
  });

  it("take no ports from others: who asks for many leaves them to those who ask for few", () => {
    const server = new DrivenServer({ portRanges: "7000-7008" });
    for (let i = 0; i < 10; i++) offer(server, `192.0.2.1:${i}`);
    expect(server.machine.freePorts).toBe(0);
    const [one, other] = [server.connect("198.51.100.1:1"), server.connect("198.51.100.2:1")];
    expect(one?.ports).toBeDefined();
    expect(other?.ports).toBeDefined();
    // Three networks with one client each: nobody gives way before its time.
    expect(server.connect("198.51.100.3:1")).toBeUndefined();
    server.nowMs = 3_000;
    expect(server.connect("198.51.100.3:1")).toBeDefined();
  });

  it("do not take the ports of a client that has come for them", () => {
    const server = new DrivenServer({ portRanges: "7000-7005" });
    const hosts = ["192.0.2.1:1", "192.0.2.1:2"];
    for (const host of hosts) {
      const { key, ports } = server.connect(host)!;
      server.hear(host, heartbeat(key), ports.ctrl);
    }
    server.nowMs = 10_000;
    expect(server.connect("198.51.100.1:1")).toBeUndefined();
  });
});

describe("a server key that stays", () => {
  const privateKey = new Uint8Array(32).fill(7);

  it("serves a client's key once: what was recorded of its session is not new in another", () => {
    const server = new DrivenServer({ privateKey });
    const pair = KeyPair.generate(random);
    const { key, ports } = server.connect(HOME, pair)!;
    expect(server.hear(THEIRS, heartbeat(key), ports.up)).toHaveLength(1);
    // From elsewhere, while the session lasts and after it.
    expect(server.refusal(STRANGER, connect(pair))).toBe("the key of an earlier session");
    server.nowMs = 60_000;
    server.wake();
    expect(server.events.at(-1)).toEqual({ type: "gone", peer: HOME });
    expect(server.refusal(HOME, connect(pair))).toBe("the key of an earlier session");
  });

  it("serves it to one who has the other half: those who repeated its `connect` are gone", () => {
    const server = new DrivenServer({ privateKey });
    const pair = KeyPair.generate(random);
    const [thief, owner] = [server.connect(STRANGER, pair)!, server.connect(HOME, pair)!];
    const datagram = heartbeat(owner.key);
    expect(server.hear(THEIRS, datagram, owner.ports.up)).toHaveLength(1);
    expect(server.events.filter(({ type }) => type === "gone")).toEqual([{ type: "gone", peer: STRANGER }]);
    expect(server.hear(STRANGER, datagram, thief.ports.up)).toEqual([]);
  });

  it("is not needed: else each client meets another", () => {
    const server = new DrivenServer();
    const pair = KeyPair.generate(random);
    const [one, other] = [server.connect(STRANGER, pair)!, server.connect(HOME, pair)!];
    expect(other.key.tryOpen(heartbeat(one.key)).ok).toBe(false);
  });
});
