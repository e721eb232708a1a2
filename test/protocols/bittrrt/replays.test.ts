/** Replays and reflections under `strict`: no frame is accepted twice. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  answerBinary,
  beginBinary,
  beginText,
  BINARY_HEARTBEAT_FLAGS,
  TEXT_HEARTBEAT_FLAGS,
  writePorts,
  type BittrrtRole,
  type FrameFields,
  type Received,
  type Session,
} from "../../../src/protocols/bittrrt/index.js";
import { ReplayWindow } from "../../../src/protocols/bittrrt/replay-window.js";
import { MonotonicClock } from "../../../src/protocols/bittrrt/monotonic-clock.js";
import { utf8 } from "./vectors.js";
import { KEY, reasonOf, replyOf, session } from "./session-harness.js";

const NOW = 1_700_000_000_000n;
const HOUR_MS = 3_600_000n;
const REPEATED = "a repeated frame";
const OLDER = "a frame older than the replay window";
const WINDOW = 8;
const MANY = 100;

const heartbeat = (payload: Uint8Array, sequence: bigint): Uint8Array =>
  KEY.seal(payload, { flags: BINARY_HEARTBEAT_FLAGS, sequence });
const begin = (ms: bigint): Uint8Array => heartbeat(beginBinary(ms), 3n);
const control = (sequence: bigint, channel = 0): Uint8Array => KEY.seal(utf8("{}"), { sequence, channel });
const stamps = (...all: readonly bigint[]): Uint8Array =>
  all.reduce<Uint8Array>((row, stamp) => answerBinary(row, stamp), new Uint8Array(0));

/** Frames of each kind that is answered; `frame(i)` is made at NOW + i. */
const KINDS: Record<string, { role: BittrrtRole; frame: (i: bigint) => Uint8Array }> = {
  "a client's first": { role: "server", frame: (i) => begin(NOW - HOUR_MS + i) },
  "a client's second": { role: "server", frame: (i) => heartbeat(stamps(7n, NOW + i, 9n), 1n) },
  "a server's first": { role: "client", frame: (i) => heartbeat(stamps(NOW + i, 7n), 2n) },
  "a server's last": { role: "client", frame: (i) => heartbeat(stamps(NOW + i, 7n, NOW + i, 9n), 0n) },
  "text of a client": {
    role: "server",
    frame: (i) => KEY.seal(beginText(NOW - HOUR_MS + i), { flags: TEXT_HEARTBEAT_FLAGS, sequence: i }),
  },
  "text of a server": {
    role: "client",
    frame: (i) =>
      KEY.seal(utf8(`client_ts3=${NOW + i} echo=1 server_ts2=5`), { flags: TEXT_HEARTBEAT_FLAGS, sequence: i }),
  },
  "a control message": { role: "server", frame: (i) => control(1_000_000n + i) },
};

describe.each(Object.entries(KINDS))("%s", (_name, { role, frame }) => {
  const at = (i: number): bigint => NOW + BigInt(i);

  it("is accepted once, however old it is", () => {
    const one = session({ role, replayWindow: WINDOW });
    const frames = Array.from({ length: MANY }, (_, i) => frame(BigInt(i)));
    for (const [i, datagram] of frames.entries()) expect(reasonOf(one.receive(datagram, at(i)))).toBeUndefined();
    const reasons = frames.map((datagram) => reasonOf(one.receive(datagram, at(MANY))));
    expect(reasons.slice(0, MANY - 2 * WINDOW)).toEqual(Array.from({ length: MANY - 2 * WINDOW }, () => OLDER));
    expect(reasons.slice(-WINDOW)).toEqual(Array.from({ length: WINDOW }, () => REPEATED));
  });

  it("is accepted late, unless more frames than the window have overtaken it", () => {
    const one = session({ role, replayWindow: WINDOW });
    for (let i = 0; i < MANY; i++) one.receive(frame(BigInt(i)), at(i));
    const late = frame(BigInt(MANY));
    for (let i = MANY + 1; i <= MANY + WINDOW; i++) one.receive(frame(BigInt(i)), at(i));
    expect(reasonOf(one.receive(late, at(MANY + WINDOW)))).toBeUndefined();
  });

  it("is accepted again if it is sealed anew", () => {
    const one = session({ role, replayWindow: WINDOW });
    for (let i = 0; i < WINDOW; i++) expect(reasonOf(one.receive(frame(0n), at(0)))).toBeUndefined();
  });
});

describe("frames of all kinds, in any order, with any replays", () => {
  it("are answered once at most", () => {
    const move = fc.record({ kind: fc.constantFrom(...Object.keys(KINDS)), lateness: fc.nat(12), replayed: fc.nat() });
    fc.assert(
      fc.property(
        fc.constantFrom<BittrrtRole>("client", "server"),
        fc.array(move, { maxLength: 300 }),
        (role, moves) => {
          const one = session({ role, replayWindow: 3 });
          const sent: Uint8Array[] = [];
          const answered = new Set<Uint8Array>();
          const take = (datagram: Uint8Array, i: number): void => {
            if (reasonOf(one.receive(datagram, NOW + BigInt(i))) !== undefined) return;
            expect(answered.has(datagram)).toBe(false);
            answered.add(datagram);
          };
          moves.forEach(({ kind, lateness, replayed }, i) => {
            const datagram = KINDS[kind]!.frame(BigInt(Math.max(0, i - lateness)));
            sent.push(datagram);
            if (lateness % 3 !== 2) take(datagram, i);
            take(sent[replayed % sent.length]!, i);
          });
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("reflected frames", () => {
  /** Delivers so many other frames that earlier ones are forgotten. */
  function forget(one: Session, role: BittrrtRole): void {
    for (const kind of Object.values(KINDS)) {
      if (kind.role === role) for (let i = 0; i < MANY; i++) one.receive(kind.frame(BigInt(i)), NOW + BigInt(i));
    }
  }

  it.each<[string, string, (one: Session) => Uint8Array | undefined]>([
    ["a heartbeat", "a heartbeat for the other role", (one) => replyOf(one.receive(begin(NOW), NOW))],
    ["an acknowledgement", "an acknowledgement for the other role", (one) => replyOf(one.receive(control(9n), NOW))],
    ["its ports", "a control message of our own", (one) => one.seal(writePorts({ ctrl: 1, up: 2, down: 3 }), {})],
    [
      "a text",
      OLDER,
      (one) =>
        replyOf(
          one.receive(KEY.seal(beginText(NOW - 2n * HOUR_MS), { flags: TEXT_HEARTBEAT_FLAGS, sequence: 1n }), NOW),
        ),
    ],
  ])("are refused by a server, however late: %s", (_, reason, make) => {
    const server = session({ replayWindow: WINDOW });
    const own = make(server)!;
    forget(server, "server");
    expect(reasonOf(server.receive(own, NOW + BigInt(MANY)))).toBe(reason);
  });

  it.each<[string, string, FrameFields, Uint8Array]>([
    [
      "a heartbeat",
      "a heartbeat for the other role",
      { flags: BINARY_HEARTBEAT_FLAGS, sequence: 3n },
      beginBinary(NOW),
    ],
    ["a text", "a text without both stamps", { flags: TEXT_HEARTBEAT_FLAGS }, beginText(NOW)],
    ["a control message", "a control message of our own", { sequence: 1_000_000n }, utf8("{}")],
  ])("are refused by a client: %s", (_, reason, fields, payload) => {
    const client = session({ role: "client", replayWindow: WINDOW });
    expect(reasonOf(client.receive(client.seal(payload, fields), NOW))).toBe(reason);
  });
});

describe("a control message", () => {
  it("of a client is recognised by its sequence, even if an earlier one was sent again", () => {
    const client = session({ role: "client", replayWindow: WINDOW });
    const own = [7n, 8n, 9n, 7n].map((sequence) => client.seal(utf8("{}"), { sequence }));
    for (const datagram of own) expect(reasonOf(client.receive(datagram, NOW))).toBe("a control message of our own");
    expect([6n, 10n].map((sequence) => reasonOf(client.receive(control(sequence), NOW)))).toEqual([
      undefined,
      undefined,
    ]);
  });

  const isNew = (received: Received): boolean | undefined => (received.type === "control" ? received.isNew : undefined);

  it("is acknowledged each time, and new once for its channel", () => {
    const server = session({ replayWindow: WINDOW });
    expect([control(5n), control(5n), control(5n, 2)].map((one) => isNew(server.receive(one, NOW)))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("is never new twice, even after many others", () => {
    const server = session({ replayWindow: WINDOW });
    for (let i = 0n; i < MANY; i++) server.receive(control(i), NOW);
    expect(reasonOf(server.receive(control(50n), NOW))).toBe(OLDER);
    // Under `reference` it is new again: nothing is refused there.
    const reference = session({ replayWindow: WINDOW, profile: "reference" });
    for (let i = 0n; i < MANY; i++) reference.receive(control(i), NOW);
    expect(isNew(reference.receive(control(50n), NOW))).toBe(true);
  });
});

describe("clocks", () => {
  it("of a peer may be set back while its frames are remembered", () => {
    const server = session({ replayWindow: 1_024 });
    for (let i = 0n; i < 500n; i++) server.receive(begin(NOW + 5_000n * i), NOW);
    expect(reasonOf(server.receive(begin(NOW - HOUR_MS), NOW))).toBeUndefined();
  });

  it("of a peer that are set back later silence its session until they have caught up, and no other session", () => {
    const server = session({ replayWindow: WINDOW });
    for (let i = 0n; i < MANY; i++) server.receive(begin(NOW + i), NOW);
    expect(reasonOf(server.receive(begin(NOW - HOUR_MS), NOW))).toBe(OLDER);
    expect(reasonOf(server.receive(begin(NOW + BigInt(MANY)), NOW))).toBeUndefined();
    expect(reasonOf(session({ replayWindow: WINDOW }).receive(begin(NOW - HOUR_MS), NOW))).toBeUndefined();
  });

  it("of our own may be set back: heartbeats go on, and no frame is accepted twice", () => {
    const [client, server] = [session({ role: "client" }), session({ replayWindow: WINDOW })];
    const firsts: Uint8Array[] = [];
    const exchange = (clientMs: bigint, serverMs: bigint): Received => {
      const third = client.seal(beginBinary(client.stampMs(clientMs)), { flags: BINARY_HEARTBEAT_FLAGS, sequence: 3n });
      const second = replyOf(server.receive(third, serverMs))!;
      const first = replyOf(client.receive(second, clientMs))!;
      firsts.push(first);
      return client.receive(replyOf(server.receive(first, serverMs))!, clientMs);
    };
    for (let i = 0n; i < MANY; i++) expect(exchange(NOW + i, NOW + i).type).toBe("heartbeat");
    for (let i = 0n; i < MANY; i++) expect(exchange(NOW - HOUR_MS + i, NOW - HOUR_MS + i).type).toBe("heartbeat");
    for (const first of firsts) expect(server.receive(first, NOW - HOUR_MS + 200n).type).toBe("refused");
  });
});

describe("a delayed frame", () => {
  it("is answered, and is no sign of life", () => {
    const server = session();
    const [held, later] = [begin(NOW), begin(NOW + 1n)];
    expect(server.receive(later, NOW)).toMatchObject({ type: "heartbeat", isLatest: true });
    expect(server.receive(held, NOW)).toMatchObject({ type: "heartbeat", isLatest: false });
    // Heartbeats at other ports have the same stamp.
    expect(server.receive(begin(NOW + 1n), NOW)).toMatchObject({ isLatest: true });
  });
});

describe("a monotonic clock", () => {
  it("continues from its last reading", () => {
    const clock = new MonotonicClock();
    expect([10n, 12n, 5n, 6n, 6n, 20n].map((ms) => clock.at(ms))).toEqual([10n, 12n, 12n, 13n, 13n, 27n]);
  });
});

describe("a replay window", () => {
  it("remembers at least its size, and at most twice as much", () => {
    const window = new ReplayWindow<number>(WINDOW);
    for (let i = 0; i < MANY; i++) expect(window.record(i)).toBe("new");
    for (let i = 1; i <= WINDOW; i++) expect(window.record(MANY - i)).toBe("duplicate");
    const known = Array.from({ length: MANY }, (_, i) => window.has(i)).filter(Boolean).length;
    expect(known).toBeLessThanOrEqual(2 * WINDOW);
  });

  it("accepts an item without an order again, once it is forgotten", () => {
    const window = new ReplayWindow<number>(1);
    expect([0, 1, 2, 0].map((id) => window.record(id))).toEqual(["new", "new", "new", "new"]);
    expect([5, 6, 8].map((id) => window.record(id, id))).toEqual(["latest", "latest", "latest"]);
    expect([window.record(5, 5), window.record(7, 7), window.record(9)]).toEqual(["expired", "new", "new"]);
  });
});
