/** Disks of a simulation that fail, fill up, stall, forget and rot. */
import { describe, expect, it } from "vitest";
import type { WireIssue } from "../../src/errors.js";
import { NO_FAULTS, Random, Simulation, VirtualClock, VirtualDisk, type Faults } from "../../src/testing/index.js";
import { KeyValueClient, KeyValueServer } from "../machine/key-value.js";

const bytesOf = (n: number): Uint8Array => Uint8Array.of(n);

/** A disk on its own clock, whose operations end before they return. */
function diskWith(faults: Partial<Faults>, isLossy = false) {
  const clock = new VirtualClock();
  const disk = new VirtualDisk(clock, new Random(1, "disk"), { ...NO_FAULTS, ...faults }, { isLossy });
  const store = (key: string, n: number): WireIssue | "stored" | undefined => {
    let ended: WireIssue | "stored" | undefined;
    disk.store([{ key, at: 0, bytes: bytesOf(n) }], (outcome) => (ended = outcome.ok ? "stored" : outcome.error));
    clock.runTo(clock.nowMs() + 1);
    return ended;
  };
  const load = (key: string): WireIssue | number | undefined => {
    let ended: WireIssue | number | undefined;
    disk.load({ key }, (outcome) => (ended = outcome.ok ? outcome.value.bytes?.[0] : outcome.error));
    clock.runTo(clock.nowMs() + 1);
    return ended;
  };
  return { clock, disk, store, load };
}

describe("a disk that fails", () => {
  it("fails loads, lists and stores, and has changed nothing", () => {
    const { disk, clock, store, load } = diskWith({ diskFailRate: 0.5 });
    const kept = new Map<string, number>();
    let failures = 0;
    for (let i = 0; i < 100; i++) {
      const key = `k${i % 7}`;
      if (store(key, i) === "stored") kept.set(key, i);
      else failures++;
      expect(disk.read(key)?.[0]).toBe(kept.get(key));
      const loaded = load(key);
      if (typeof loaded === "object") expect(loaded).toMatchObject({ code: "storage", actual: "EIO" });
      else expect(loaded).toBe(kept.get(key));
    }
    expect(failures).toBeGreaterThan(30);
    const lists: boolean[] = [];
    for (let i = 0; i < 40; i++) disk.list("k", ({ ok }) => lists.push(ok));
    clock.runTo(1_000);
    expect(new Set(lists)).toEqual(new Set([true, false]));
  });
});

describe("a disk that is full", () => {
  it("fails stores that put bytes, and lets them be removed", () => {
    const { clock, disk, store, load } = diskWith({});
    store("k", 1);
    disk.fill(100);
    expect(store("k", 2)).toMatchObject({ code: "storage", actual: "ENOSPC" });
    expect([load("k"), disk.isFull]).toEqual([1, true]);
    let removed = false;
    disk.store([{ key: "k", remove: true }], ({ ok }) => (removed = ok));
    clock.runTo(clock.nowMs() + 1);
    expect(removed).toBe(true);
    clock.runTo(200);
    expect([store("k", 3), disk.isFull]).toEqual(["stored", false]);
  });

  it("is so at drawn times, until it heals", () => {
    const faults = { ...NO_FAULTS, diskFullPerSecond: 1, diskFullMsMax: 500 };
    const simulation = new Simulation({ run: 1, faults });
    const server = simulation.host("server", () => new KeyValueServer(), { listen: "server:7000" });
    let changes = 0;
    let wasFull = false;
    simulation.always(() => {
      if (server.disk.isFull !== wasFull) changes++;
      wasFull = server.disk.isFull;
    });
    simulation.host("client", (env) => new KeyValueClient("server:7000", env));
    simulation.runFor(10_000);
    expect(changes).toBeGreaterThan(4);
    server.disk.fill(1e9);
    simulation.heal();
    expect(server.disk.isFull).toBe(false);
  });
});

describe("a disk that stalls", () => {
  it("takes long for some operations, and no longer once it heals", () => {
    const { clock, disk } = diskWith({ diskStallRate: 0.3, diskStallMsMax: 10_000 });
    const endedMs: number[] = [];
    for (let i = 0; i < 50; i++)
      disk.store([{ key: `k${i}`, at: 0, bytes: bytesOf(1) }], () => endedMs.push(clock.nowMs()));
    clock.runTo(5_000);
    const long = endedMs.filter((ms) => ms > 1);
    expect(long.length).toBeGreaterThan(2);
    expect(endedMs.length).toBeLessThan(50);
    disk.faults = NO_FAULTS;
    clock.runTo(5_001);
    expect(endedMs).toHaveLength(50);
    expect(clock.nextMs).toBe(Infinity);
  });
});

describe("a disk that forgets", () => {
  it("loses the last acknowledged store in a crash, whole, and only if it is lossy", () => {
    for (const isLossy of [true, false]) {
      const { disk, store, load } = diskWith({ diskLossRate: 1 }, isLossy);
      store("a", 1);
      store("b", 1);
      store("a", 2);
      disk.crash();
      expect([load("a"), load("b")]).toEqual([isLossy ? 1 : 2, 1]);
      disk.crash();
      expect(load("a")).toBe(isLossy ? 1 : 2);
      store("c", 1);
      disk.crash();
      expect(load("c")).toBe(isLossy ? undefined : 1);
    }
  });

  it("is a host's own property", () => {
    const lossy = new Simulation({ run: 1, faults: { ...NO_FAULTS, diskLossRate: 1 } });
    const hosts = ["one", "other"].map((name) =>
      lossy.host(name, () => new KeyValueServer(), { lossyDisk: name === "one", listen: `${name}:7000` }),
    );
    const client = lossy.host("client", (env) => new KeyValueClient("one:7000", env));
    const second = lossy.host("second", (env) => new KeyValueClient("other:7000", env));
    const calls = [client, second].map((each) => each.call({ kind: "put", key: "k", value: bytesOf(7) }, 1_000));
    lossy.runUntil(() => calls.every(({ outcome }) => outcome?.ok === true), 1_000);
    hosts.forEach((host) => host.crash());
    expect(hosts.map((host) => host.disk.read("k") !== undefined)).toEqual([false, true]);
  });
});

describe("a disk that rots", () => {
  it("fails loads of a damaged value until it is stored again, or the disk heals", () => {
    const { disk, store, load } = diskWith({ diskRotRate: 0.3 });
    store("k", 1);
    let loaded: unknown = 1;
    for (let i = 0; i < 100 && loaded === 1; i++) loaded = load("k");
    expect(loaded).toMatchObject({ code: "storage", actual: "the value is damaged" });
    for (let i = 0; i < 10; i++) expect(load("k")).toMatchObject({ code: "storage" });
    store("k", 2);
    const after = Array.from({ length: 10 }, () => load("k"));
    expect(after).toContain(2);
    disk.faults = NO_FAULTS;
    expect(load("k")).toBe(2);
  });
});

it("repeats with the run", () => {
  const play = (): unknown[] => {
    const { clock, disk } = diskWith({ diskFailRate: 0.2, diskStallRate: 0.2, diskStallMsMax: 500, diskRotRate: 0.1 });
    const seen: unknown[] = [];
    for (let i = 0; i < 100; i++) {
      disk.store([{ key: `k${i % 5}`, at: 0, bytes: bytesOf(i) }], ({ ok }) => seen.push([i, ok, clock.nowMs()]));
      disk.load({ key: `k${i % 3}` }, ({ ok }) => seen.push([ok, clock.nowMs()]));
    }
    clock.runTo(10_000);
    return seen;
  };
  expect(play()).toEqual(play());
});
