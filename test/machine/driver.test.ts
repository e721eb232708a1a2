/** The driver of a machine: links, calls, events, time, stops and faults. */
import { describe, expect, it } from "vitest";
import { limitsWith, type Limits } from "../../src/limits.js";
import {
  Driver,
  type Disk,
  type Effect,
  type Event,
  type LogEntry,
  type Machine,
  type World,
} from "../../src/machine/index.js";
import { VirtualClock } from "../../src/testing/index.js";

type Call = { readonly wants?: Effect<string, string>[] };
type Step = (event: Event<Call>, nowMs: number, out: Effect<string, string>[]) => void;

/** A driver over a world that records its calls. A call of the machine lists the effects to push. */
function drive(options: { step?: Step; limits?: Partial<Limits>; machine?: object; world?: Partial<World> } = {}) {
  const events: Event<Call>[] = [];
  const asked: string[] = [];
  const logs: LogEntry[] = [];
  const clock = new VirtualClock();
  let queuedBytes = 0;
  const machine: Machine<Call, string, string> = {
    step(event, nowMs, out) {
      events.push(event);
      if (event.type === "call") out.push(...(event.request.wants ?? []));
      options.step?.(event, nowMs, out);
    },
    nextWakeMs: () => Infinity,
    ...options.machine,
  };
  const note =
    (what: string) =>
    (...about: unknown[]) =>
      void asked.push([what, ...about.filter((each) => each !== undefined).map(String)].join(" "));
  const world: World = {
    clock,
    log: (entry) => logs.push(entry),
    onFault: note("fault"),
    onEnd: note("end"),
    links: {
      connect: note("connect"),
      write: (link, bytes) => (note("write")(link, bytes.length), (queuedBytes += bytes.length)),
      shut: note("shut"),
      abort: note("abort"),
      pause: note("pause"),
      resume: note("resume"),
      datagram: note("datagram"),
      bind: note("bind"),
      release: note("release"),
    },
    ...options.world,
  };
  const env = { random: (n: number) => new Uint8Array(n), unixNs: () => 0n };
  const driver = new Driver(machine, world, { env, limits: limitsWith(options.limits) });
  const want = (...wants: Effect<string, string>[]) => void driver.start({ wants }, Infinity, () => {});
  const types = () => events.filter(({ type }) => type !== "call").map(({ type }) => type);
  const drain = () => (queuedBytes = 0);
  return { driver, events, types, asked, logs, clock, want, drain };
}

const bytes = new Uint8Array(10);

describe("links", () => {
  it("that peers open count up, and are refused beyond the limit", () => {
    const { driver } = drive({ limits: { linksMax: 2 } });
    expect([driver.admit("a:1"), driver.admit("a:1"), driver.admit("a:1")]).toEqual([1, 2, undefined]);
    driver.closed(1);
    expect(driver.admit("a:1")).toBe(3);
    expect(driver.openLinks).toBe(2);
  });

  it("are counted by address prefix while they are open", () => {
    const { driver } = drive({ limits: { linksPerPrefixMax: 2 } });
    expect([driver.admit("a:1"), driver.admit("a:2"), driver.admit("a:3"), driver.admit("b:1")]).toEqual([
      1,
      2,
      undefined,
      3,
    ]);
    driver.closed(2);
    driver.closed(2);
    expect([driver.admit("a:3"), driver.admit("a:4")]).toEqual([4, undefined]);
  });

  it("that were shut are aborted for new ones: the oldest of the prefix with the most links", () => {
    const { driver, asked, clock, events, want } = drive({ limits: { linksMax: 3, lingerTimeoutMs: 2_000 } });
    for (const peer of ["b:1", "a:1", "a:2"]) driver.opened(driver.admit(peer)!, peer);
    expect(driver.admit("a:3")).toBeUndefined();
    for (const link of [1, 3, 2]) want({ type: "shut", link });
    clock.runTo(10);
    expect(driver.admit("c:1")).toBe(4);
    expect(asked).toEqual(["shut 1", "shut 3", "shut 2", "abort 2"]);
    expect(events.at(-1)).toEqual({ type: "closed", link: 2 });
    expect(driver.openLinks).toBe(3);
    // What the world says of it later is no news.
    driver.closed(2);
    want({ type: "connect", link: -1, peer: "c:1" });
    expect(asked.slice(4)).toEqual(["abort 1", "connect -1 c:1"]);
    expect(driver.admit("a:1")).toBe(5);
    expect(asked.slice(6)).toEqual(["abort 3"]);
    expect(driver.admit("a:1")).toBeUndefined();
    expect(driver.openLinks).toBe(3);
  });

  it("that the machine opens beyond the limit end as closed", () => {
    const { driver, asked, events, want } = drive({ limits: { linksMax: 1 } });
    want({ type: "connect", link: -1, peer: "a:1" }, { type: "connect", link: -2, peer: "b:1" });
    expect(asked).toEqual(["connect -1 a:1"]);
    expect(events.at(-1)).toMatchObject({ type: "closed", link: -2, error: { code: "limit" } });
    expect(driver.openLinks).toBe(1);
  });

  it("that a listening host opens leave half of all to peers", () => {
    const { driver, asked, events, want } = drive({ limits: { linksMax: 5, lingerTimeoutMs: 2_000 } });
    driver.listening();
    const connect = (link: number) => want({ type: "connect", link, peer: "a:1" });
    for (const link of [-1, -2, -3]) connect(link);
    expect(asked).toEqual(["connect -1 a:1", "connect -2 a:1"]);
    expect(events.at(-1)).toMatchObject({ type: "closed", link: -3, error: { code: "limit" } });
    expect([driver.admit("b:1"), driver.admit("b:2"), driver.admit("b:3"), driver.admit("b:4")]).toEqual([
      1,
      2,
      3,
      undefined,
    ]);
    // One that was shut makes room for the next.
    want({ type: "shut", link: -2 });
    connect(-4);
    expect(asked.slice(2)).toEqual(["shut -2", "abort -2", "connect -4 a:1"]);
    driver.closed(-1);
    connect(-5);
    expect(asked.at(-1)).toBe("connect -5 a:1");
    expect(driver.openLinks).toBe(5);
  });

  it("that a listening host opens are at most `outgoingLinksMax`, as few as that may be", () => {
    const { driver, asked, want } = drive({ limits: { linksMax: 8, outgoingLinksMax: 1 } });
    driver.listening();
    for (const link of [-1, -2]) want({ type: "connect", link, peer: "a:1" });
    expect(asked).toEqual(["connect -1 a:1"]);
  });

  it("are aborted when the machine says so, also those that were shut, and then get nothing", () => {
    const { driver, want, asked, types, clock } = drive({ limits: { lingerTimeoutMs: 10 } });
    for (const link of [1, 2]) driver.opened(driver.admit("a:1")!, `a:${link}`);
    want({ type: "abort", link: 1 }, { type: "write", link: 1, bytes: new Uint8Array(1) }, { type: "shut", link: 1 });
    want({ type: "shut", link: 2 }, { type: "abort", link: 2 }, { type: "abort", link: 9 });
    driver.bytes(1, new Uint8Array(1));
    expect(asked).toEqual(["abort 1", "shut 2", "abort 2"]);
    for (const link of [1, 2]) driver.closed(link);
    expect(types()).toEqual(["opened", "opened", "closed", "closed"]);
    clock.runTo(20);
    expect(asked).toHaveLength(3);
  });

  it("get no more calls once they are closed or shut", () => {
    const { driver, asked, types, want } = drive();
    driver.opened(driver.admit("a:1")!, "a:1");
    want({ type: "shut", link: 1 }, { type: "shut", link: 1 }, { type: "write", link: 1, bytes });
    driver.bytes(1, bytes);
    driver.ended(1);
    driver.closed(1);
    driver.closed(1);
    want({ type: "write", link: 1, bytes }, { type: "pause", link: 1 }, { type: "shut", link: 9 });
    expect(asked).toEqual(["shut 1"]);
    expect(types()).toEqual(["opened", "closed"]);
  });

  it("are aborted after `lingerTimeoutMs`", () => {
    const { driver, asked, clock, want } = drive({ limits: { lingerTimeoutMs: 500 } });
    driver.opened(driver.admit("a:1")!, "a:1");
    driver.opened(driver.admit("b:1")!, "b:1");
    want({ type: "shut", link: 1 }, { type: "shut", link: 2 });
    driver.closed(2);
    clock.runTo(499);
    expect(asked).toEqual(["shut 1", "shut 2"]);
    clock.runTo(500);
    expect(asked.at(-1)).toBe("abort 1");
  });

  it("are shut at the peer's end, unless the machine is half-open", () => {
    const plain = drive();
    plain.driver.opened(plain.driver.admit("a:1")!, "a:1");
    plain.driver.ended(1);
    expect([plain.asked, plain.types()]).toEqual([["shut 1"], ["opened"]]);
    const halfOpen = drive({ machine: { halfOpen: true } });
    halfOpen.driver.opened(halfOpen.driver.admit("a:1")!, "a:1");
    halfOpen.driver.ended(1);
    expect([halfOpen.asked, halfOpen.types()]).toEqual([[], ["opened", "ended"]]);
  });
});

describe("a link whose peer does not read", () => {
  it("is not read until it has drained, and the machine gets congested and drained", () => {
    const { driver, asked, types, want, drain } = drive({ limits: { writeQueueBytesMax: 15 } });
    driver.opened(driver.admit("a:1")!, "a:1");
    want({ type: "write", link: 1, bytes });
    driver.drained(1);
    want({ type: "write", link: 1, bytes }, { type: "write", link: 1, bytes });
    expect(types()).toEqual(["opened", "congested"]);
    expect(asked).toEqual(["write 1 10", "write 1 10", "pause 1", "write 1 10"]);
    drain();
    driver.drained(1);
    expect([types().at(-1), asked.at(-1)]).toEqual(["drained", "resume 1"]);
  });

  it("stays paused while either the machine or congestion requires it", () => {
    const { driver, asked, want } = drive({ limits: { writeQueueBytesMax: 5 } });
    driver.opened(driver.admit("a:1")!, "a:1");
    want({ type: "pause", link: 1 }, { type: "write", link: 1, bytes });
    driver.drained(1);
    expect(asked).toEqual(["pause 1", "write 1 10", "pause 1"]);
    want({ type: "resume", link: 1 });
    expect(asked.at(-1)).toBe("resume 1");
    want({ type: "write", link: 1, bytes }, { type: "pause", link: 1 }, { type: "resume", link: 1 });
    expect(asked.slice(-2)).toEqual(["pause 1", "pause 1"]);
  });
});

describe("calls", () => {
  it("are refused beyond `callsMax`, and after the end", () => {
    const { driver } = drive({ limits: { callsMax: 1 } });
    const outcomes: unknown[] = [];
    const start = () => driver.start({}, 5, (outcome) => outcomes.push(outcome.ok || outcome.error.code));
    start();
    start();
    expect(outcomes).toEqual(["limit"]);
    driver.end();
    expect(outcomes).toEqual(["limit", "cancelled"]);
    start();
    expect(outcomes).toEqual(["limit", "cancelled", "cancelled"]);
  });

  it("have a deadline on the clock of the machine, by default `callTimeoutMs`", () => {
    const { driver, events, clock } = drive({ limits: { callTimeoutMs: 70 } });
    clock.runTo(1_000);
    driver.start({}, 5, () => {});
    driver.start({}, undefined, () => {});
    driver.start({}, Infinity, () => {});
    expect(events).toMatchObject([{ deadlineMs: 1_005 }, { deadlineMs: 1_070 }, { deadlineMs: Infinity }]);
  });

  it("can be cancelled only while they are open", () => {
    const { driver, events } = drive({
      step: (event, _nowMs, out) => {
        if (event.type === "cancel") out.push({ type: "settle", id: event.id, value: "half" });
      },
    });
    const outcomes: unknown[] = [];
    const id = driver.start({}, 5, (outcome) => outcomes.push(outcome));
    driver.cancel(id);
    driver.cancel(id);
    expect(events.map(({ type }) => type)).toEqual(["call", "cancel"]);
    expect(outcomes).toEqual([{ ok: true, value: "half" }]);
  });
});

describe("events and effects", () => {
  it("are delivered one at a time, also if a listener starts a call", () => {
    const order: string[] = [];
    const { driver } = drive({
      step: (event, _nowMs, out) => {
        order.push(`step ${event.type}`);
        if (event.type === "call") {
          out.push({ type: "emit", event: "a" }, { type: "emit", event: "b" });
          out.push({ type: "settle", id: event.id, value: "done" });
        }
      },
    });
    const unsubscribe = driver.subscribe((event) => {
      order.push(`hears ${event}`);
      unsubscribe();
      driver.datagram("x:1", new Uint8Array(0));
    });
    driver.start({}, 5, () => order.push("settled"));
    expect(order).toEqual(["step call", "hears a", "settled", "step datagram"]);
  });

  it("survive exceptions of listeners, settlements and log sinks", () => {
    const { driver, logs, want } = drive({
      step: (event, _nowMs, out) => {
        if (event.type === "call") out.push({ type: "settle", id: event.id, value: "" });
      },
    });
    driver.subscribe(() => {
      throw new Error("theirs");
    });
    want({ type: "emit", event: "a" });
    driver.start({}, 5, () => {
      throw new Error("also theirs");
    });
    expect(logs.map(({ fields }) => fields?.["error"])).toEqual(["Error: theirs", "Error: also theirs"]);
    const mute = drive({
      world: {
        log() {
          throw new Error("full");
        },
      },
    });
    mute.want({ type: "log", level: "info", message: "hello" });
    expect(mute.driver.fault).toBeUndefined();
  });

  it("stop within a step if a listener ends the driver", () => {
    const { driver, asked, want } = drive();
    driver.subscribe(() => driver.end());
    want({ type: "emit", event: "a" }, { type: "connect", link: -1, peer: "a:1" });
    driver.datagram("x:1", bytes);
    expect(asked).toEqual(["end"]);
  });

  it("fail with `storage` without a disk", () => {
    const { events, want } = drive();
    want(
      { type: "load", op: 1, key: "k" },
      { type: "store", op: 2, writes: [{ key: "k", at: 0, bytes }] },
      { type: "list", op: 3, prefix: "k" },
    );
    expect(events.slice(1)).toMatchObject([1, 2, 3].map((op) => ({ type: "failed", op, error: { code: "storage" } })));
  });

  it("reach the disk with all that they say, and its answers the machine", () => {
    const read: unknown[] = [];
    const failed = { ok: false, error: { code: "storage", format: "disk", path: "" } } as const;
    const disk: Disk = {
      load: (asked, done) => {
        read.push(asked);
        done({ ok: true, value: { bytes, size: 12, ...(asked.key === "damaged" && { badAt: 12 }) } });
      },
      list: (prefix, done) => done(prefix === "" ? failed : { ok: true, value: [`${prefix}1`] }),
      store: (writes, done) => {
        read.push(writes);
        done({ ok: true, value: undefined });
      },
    };
    const { events, want } = drive({ world: { disk } });
    const writes = [{ key: "k", remove: true }] as const;
    want(
      { type: "load", op: 1, key: "k" },
      { type: "load", op: 2, key: "damaged", at: 2, length: 10 },
      { type: "list", op: 3, prefix: "k" },
      { type: "list", op: 4, prefix: "" },
      { type: "store", op: 5, writes },
    );
    expect(read).toEqual([{ key: "k" }, { key: "damaged", at: 2, length: 10 }, writes]);
    expect(events.slice(1)).toEqual([
      { type: "loaded", op: 1, bytes, size: 12 },
      { type: "loaded", op: 2, bytes, size: 12, badAt: 12 },
      { type: "listed", op: 3, keys: ["k1"] },
      { type: "failed", op: 4, error: failed.error },
      { type: "stored", op: 5 },
    ]);
  });
});

describe("time", () => {
  it("wakes the machine once at the requested time", () => {
    let wakeMs = Infinity;
    const woken: number[] = [];
    const { clock, want } = drive({
      machine: { nextWakeMs: () => wakeMs },
      step: (event, nowMs) => {
        if (event.type !== "wake") return;
        woken.push(nowMs);
        wakeMs = Infinity;
      },
    });
    wakeMs = 100;
    want();
    // Moved back: the timer that is set rings in vain.
    wakeMs = 250;
    want();
    clock.runTo(249);
    expect(woken).toEqual([]);
    clock.runTo(1_000);
    expect(woken).toEqual([250]);
    wakeMs = 1_500;
    want();
    wakeMs = 1_200;
    want();
    clock.runTo(2_000);
    expect(woken).toEqual([250, 1_200]);
    expect(clock.nextMs).toBe(Infinity);
  });
});

describe("a stop", () => {
  it("ends at once if nothing is open", () => {
    const { driver, asked, types } = drive();
    driver.stop();
    driver.stop();
    expect([asked, types()]).toEqual([["end"], ["stop"]]);
    expect(driver.admit("a:1")).toBeUndefined();
  });

  it("waits for links, calls and the disk", () => {
    let stored = () => {};
    const { driver, asked, types, want } = drive({
      step: (event, _nowMs, out) => {
        if (event.type === "stored") out.push({ type: "write", link: 1, bytes }, { type: "shut", link: 1 });
        if (event.type === "closed") out.push({ type: "settle", id: 1, value: "" });
      },
      world: {
        disk: {
          load: () => {},
          list: () => {},
          store: (_writes, done) => (stored = () => done({ ok: true, value: undefined })),
        },
      },
    });
    driver.opened(driver.admit("a:1")!, "a:1");
    want({ type: "store", op: 1, writes: [{ key: "k", at: 0, bytes }] });
    driver.stop();
    expect(asked).toEqual([]);
    stored();
    expect(asked).toEqual(["write 1 10", "shut 1"]);
    driver.closed(1);
    expect(asked).toEqual(["write 1 10", "shut 1", "end"]);
    expect(types()).toEqual(["opened", "stop", "stored", "closed"]);
  });

  it("ends after `lingerTimeoutMs`, and settles open calls", () => {
    const { driver, asked, clock } = drive({ limits: { lingerTimeoutMs: 300 } });
    const outcomes: unknown[] = [];
    driver.start({}, Infinity, (outcome) => outcomes.push(outcome));
    driver.stop();
    clock.runTo(299);
    expect([asked, outcomes]).toEqual([[], []]);
    clock.runTo(300);
    expect(asked).toEqual(["end"]);
    expect(outcomes).toMatchObject([{ ok: false, error: { code: "cancelled" } }]);
    expect(clock.nextMs).toBe(Infinity);
  });
});

describe("a machine that faults", () => {
  const breaks: [string, Effect<string, string>[], RegExp][] = [
    ["opens a link that is not named downwards", [{ type: "connect", link: 1, peer: "a:1" }], /connect\.link/],
    [
      "names a link twice",
      [
        { type: "connect", link: -2, peer: "a:1" },
        { type: "connect", link: -2, peer: "a:1" },
      ],
      /connect\.link/,
    ],
    ["settles what is not open", [{ type: "settle", id: 77, value: "" }], /settle\.id/],
  ];

  it.each(breaks)("%s: is out of service", (_name, wants, message) => {
    const { driver, asked } = drive();
    const outcomes: unknown[] = [];
    driver.opened(driver.admit("a:1")!, "a:1");
    driver.start({ wants }, 5, (outcome) => outcomes.push(outcome));
    expect((driver.fault!.cause as Error).message).toMatch(message);
    expect(outcomes).toMatchObject([{ ok: false, error: { code: "fault" } }]);
    expect(asked.filter((what) => what.startsWith("fault"))).toHaveLength(1);
    expect(asked).toContain("shut 1");
    driver.opened(driver.admit("b:1")!, "b:1");
    expect(asked.at(-1)).toBe("shut 2");
    driver.start({}, 5, (outcome) => outcomes.push(outcome));
    expect(outcomes).toMatchObject([{ ok: false }, { ok: false, error: { code: "fault" } }]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("planted");
      },
    ],
    ["is not a number", () => Number.NaN],
  ])("has a next wake that %s: is out of service", (_name, nextWakeMs) => {
    const { driver, clock, asked } = drive({ machine: { nextWakeMs } });
    clock.runTo(10);
    expect(driver.fault).toMatchObject({ code: "fault", path: "wake" });
    expect(asked).toHaveLength(1);
  });

  it("loses the effects of the faulty step, and keeps earlier ones", () => {
    const { driver, asked } = drive({
      step: (event) => {
        if (event.type === "datagram") throw new Error("planted");
      },
    });
    driver.start({ wants: [{ type: "connect", link: -1, peer: "a:1" }] }, 5, () => {});
    driver.datagram("x:1", bytes);
    expect(asked.filter((what) => !what.startsWith("fault"))).toEqual(["connect -1 a:1", "shut -1"]);
  });
});
