/** The lock on a folder: who gets it, keeps it and loses it, with crashes and several takers. */
import { describe, expect, it } from "vitest";
import { acquireLock, type LockFiles } from "../../src/storage/file-lock.js";
import { readSignature, signatureOf } from "../../src/storage/lock-holder.js";
import { FaultFiles, Random } from "../../src/testing/index.js";
import { BOOT_UNIX_MS, lockFilesOf, process, System, tryAcquire, TARGET, type Attempt } from "./lock-world.js";

const TOKEN = "01234567-89ab-cdef-0123-456789abcdef";
const REFUSED = { code: "storage", path: "lock" };

async function filesWith(bytes?: Uint8Array, run = 1): Promise<FaultFiles> {
  const files = new FaultFiles(new Random(run));
  await files.makeFolder(".store");
  if (bytes !== undefined) {
    const file = await files.create(TARGET.path);
    await file.write(bytes, 0);
    await file.sync();
  }
  for (const folder of ["", ".store"]) await files.syncFolder(folder);
  return files;
}

const holderOf = async (files: FaultFiles): Promise<number | undefined> =>
  readSignature((await files.read(TARGET.path)) ?? new Uint8Array(0))?.pid;

/** The outcome of a promise, or `waiting` if it is pending. */
async function outcomeOf<T>(promise: Promise<T>): Promise<T | "waiting"> {
  await new Promise(setImmediate);
  return Promise.race([promise, Promise.resolve("waiting" as const)]);
}

describe("a holder of the same boot and PID namespace", () => {
  it.each<[string, ReturnType<typeof process>]>([
    ["is dead", process(7)],
    ["has lost its number to another process", process(7, { started: "1" })],
    ["is dead, under another host name", process(7, { host: "two" })],
  ])("that %s loses the lock at once", async (name, holder) => {
    const files = await filesWith(signatureOf(holder, TOKEN, 3));
    const system = new System();
    if (name.includes("another process")) system.starts.set(7, "1007");
    const { lock } = await tryAcquire(lockFilesOf(files), system.world(process(8)));
    expect(system.clock.nowMs()).toBe(0);
    expect(await holderOf(files)).toBe(8);
    expect(await files.list(".store")).toEqual(["lock"]);
    expect(lock!.isTakenOver).toBe(true);
    await lock!.release();
    expect(await files.list(".store")).toEqual([]);
    expect((await tryAcquire(lockFilesOf(files), system.world(process(9)))).lock!.isTakenOver).toBe(false);
  });

  it("that lives keeps the lock, even if its counter stands still", async () => {
    const files = await filesWith(signatureOf(process(7), TOKEN, 3));
    const system = new System();
    system.starts.set(7, process(7).started!);
    const { error } = await tryAcquire(lockFilesOf(files), system.world(process(8, { host: "two" })));
    const actual = expect.stringMatching(/^process 7 of one \(data\/\.store\/lock\); .*--take-lock/) as string;
    expect(error).toMatchObject({ ...REFUSED, expected: "a folder that nobody else has open", actual });
    expect(await files.list(".store")).toEqual(["lock"]);
  });
});

describe("a holder that cannot be judged", () => {
  const strangers: [string, ReturnType<typeof process>, boolean][] = [
    ["of another PID namespace", process(7, { namespace: "pid:[2]" }), false],
    ["of another boot, after a crash or on another machine", process(7, { boot: "boot-2" }), false],
    ["of a system without /proc", { pid: 7, host: "one" }, false],
    ["that the system hides", process(7), true],
  ];

  it.each(strangers)("%s keeps the lock while its counter moves", async (_, holder, isHidden) => {
    const files = await filesWith();
    const system = new System();
    const world = (self: ReturnType<typeof process>) => system.world(self, isHidden ? { startOf: () => "hidden" } : {});
    const held = await acquireLock(lockFilesOf(files), TARGET, world(holder));
    const next = tryAcquire(lockFilesOf(files), world(process(8)));
    await system.pass(1_000);
    expect(await outcomeOf(next)).toMatchObject({ error: REFUSED });
    await system.pass(10_000);
    expect(held.loss).toBeUndefined();
    expect(await holderOf(files)).toBe(7);
  });

  it.each(strangers)("%s loses the lock when its counter stands for 5 s", async (_, holder, isHidden) => {
    const files = await filesWith(signatureOf(holder, TOKEN, 3));
    const system = new System();
    const world = system.world(process(8), isHidden ? { startOf: () => "hidden" } : {});
    const next = tryAcquire(lockFilesOf(files), world);
    await system.pass(4_900);
    expect(await outcomeOf(next)).toBe("waiting");
    await system.pass(200);
    expect(await outcomeOf(next)).toMatchObject({ error: undefined });
    expect(await holderOf(files)).toBe(8);
  });

  it("keeps the lock if its counter moves between the last poll and the claim", async () => {
    const stranger = process(7, { boot: "boot-2" });
    const files = await filesWith(signatureOf(stranger, TOKEN, 3));
    const system = new System();
    const real = lockFilesOf(files);
    const claims: string[] = [];
    const link = async (from: string, to: string): Promise<boolean> => {
      claims.push(to);
      await files.update(TARGET.path, () => signatureOf(stranger, TOKEN, 4));
      return real.link(from, to);
    };
    void tryAcquire({ ...real, link }, system.world(process(8)));
    await system.pass(5_500);
    expect(claims).toEqual([`${TARGET.path}.${TOKEN}`]);
    expect(await holderOf(files)).toBe(7);
    expect(await files.read(claims[0]!)).toBeUndefined();
  });

  it("is not taken for dead because the watching process was paused", async () => {
    const files = await filesWith(signatureOf(process(7, { boot: "boot-2" }), TOKEN, 3));
    const system = new System();
    const next = tryAcquire(lockFilesOf(files), system.world(process(8)));
    await system.pass(200);
    system.clock.runTo(60_000);
    await new Promise(setImmediate);
    await system.pass(200);
    expect(await outcomeOf(next)).toBe("waiting");
    await files.update(TARGET.path, () => signatureOf(process(7, { boot: "boot-2" }), TOKEN, 4));
    await system.pass(200);
    expect(await outcomeOf(next)).toMatchObject({ error: REFUSED });
  });
});

describe("a holder that was paused", () => {
  const other = process(7, { namespace: "pid:[2]" });

  /** A holder whose clock stands still, while it advances for others. */
  async function paused(): Promise<{ files: FaultFiles; held: Awaited<ReturnType<typeof acquireLock>>; mine: System }> {
    const files = await filesWith();
    const mine = new System();
    const held = await acquireLock(lockFilesOf(files), TARGET, mine.world(other));
    return { files, held, mine };
  }

  it("reads the lock before it continues, and keeps it if nobody has taken it", async () => {
    const { files, held, mine } = await paused();
    const before = files.calls;
    await held.check();
    expect(files.calls).toBe(before);
    mine.clock.nowMs = () => 3_001;
    await held.check();
    expect(files.calls).toBeGreaterThan(before);
    expect(readSignature((await files.read(TARGET.path))!)!.counter).toBe("0000000000000001");
    const after = files.calls;
    await held.check();
    expect(files.calls).toBe(after);
  });

  it.each([
    ["by the monotonic clock", "nowMs"],
    ["by the wall clock, because the system slept", "unixMs"],
  ])("finds the lock taken before its next write, %s", async (_, which) => {
    const files = await filesWith();
    const mine = new System();
    const losses: unknown[] = [];
    let pauseMs = 0;
    const world = mine.world(other, which === "unixMs" ? { unixMs: () => BOOT_UNIX_MS + pauseMs } : {});
    const held = await acquireLock(lockFilesOf(files), TARGET, world, { onLost: (loss) => losses.push(loss) });
    const others = new System();
    const next = tryAcquire(lockFilesOf(files), others.world(process(8)));
    await others.pass(5_100);
    expect((await next).lock).toBeDefined();
    pauseMs = 6_000;
    if (which === "nowMs") mine.clock.nowMs = () => pauseMs;
    await expect(held.check()).rejects.toMatchObject({
      ...REFUSED,
      actual: expect.stringContaining("another process"),
    });
    await expect(held.check()).rejects.toMatchObject(REFUSED);
    expect(losses).toEqual([held.loss]);
    await held.release();
    expect(await holderOf(files)).toBe(8);
  });

  it("finds the lock taken when it continues, without a write", async () => {
    const { files, held, mine } = await paused();
    const others = new System();
    const next = tryAcquire(lockFilesOf(files), others.world(process(8)));
    await others.pass(5_100);
    await next;
    await mine.pass(500);
    expect(held.loss).toMatchObject(REFUSED);
    await held.release();
    expect(await holderOf(files)).toBe(8);
  });

  it("and cannot read the lock reports why, and tries again", async () => {
    const { files, held, mine } = await paused();
    mine.clock.nowMs = () => 3_001;
    files.refuse = ({ kind }) => (kind === "update" ? "EIO" : undefined);
    await expect(held.check()).rejects.toMatchObject({ code: "storage", actual: "EIO" });
    files.refuse = () => undefined;
    await held.check();
    expect(held.loss).toBeUndefined();
  });
});

describe("a lock with an incomplete signature", () => {
  const halves = [new Uint8Array(0), signatureOf(process(7), TOKEN, 3).subarray(0, 40), new Uint8Array(100)];

  it.each(halves)("is taken if it is older than this boot, and refused otherwise", async (half) => {
    const files = await filesWith(half);
    const world = new System().world(process(8));
    const refused = await tryAcquire(lockFilesOf(files), world);
    expect(refused.error).toMatchObject({ ...REFUSED, actual: expect.stringContaining("not signed") });
    const { lock } = await tryAcquire(lockFilesOf(files, BOOT_UNIX_MS - 1), world);
    expect(await holderOf(files)).toBe(8);
    await lock!.release();
    expect(await files.list(".store")).toEqual([]);
  });
});

describe("a lock that is taken by force", () => {
  it("changes hands at once, and its holder notices within a second", async () => {
    const files = await filesWith();
    const system = new System();
    const held = await acquireLock(lockFilesOf(files), TARGET, system.world(process(7)));
    const { lock } = await tryAcquire(lockFilesOf(files), system.world(process(8)), { takeLock: true });
    expect(await holderOf(files)).toBe(8);
    await system.pass(1_000);
    expect(held.loss).toMatchObject(REFUSED);
    expect(lock!.loss).toBeUndefined();
    await lock!.release();
  });

  it("may be unsigned", async () => {
    const files = await filesWith(new Uint8Array(0));
    await acquireLock(lockFilesOf(files), TARGET, new System().world(process(8)), { takeLock: true });
    expect(await holderOf(files)).toBe(8);
  });
});

describe("a full disk, or a power cut, while a lock is made", () => {
  it.each([
    ["new", false],
    ["left by a dead process", true],
  ])("leaves no lock that keeps the next process out, whichever call fails; the lock is %s", async (_, isLeft) => {
    const outcomes = new Set<string>();
    for (let failing = 1; failing <= 24; failing++) {
      const files = await filesWith(isLeft ? signatureOf(process(6), TOKEN, 3) : undefined, failing);
      const before = files.calls;
      files.refuse = ({ index }) => (index === before + failing ? "ENOSPC" : undefined);
      const system = new System();
      const { lock, error } = await tryAcquire(lockFilesOf(files), system.world(process(7)));
      outcomes.add(lock === undefined ? "refused" : "held");
      if (lock === undefined) expect(error).toMatchObject({ code: "storage", actual: "ENOSPC" });
      files.refuse = () => undefined;
      await lock?.release();
      const next = await tryAcquire(lockFilesOf(files), system.world(process(8)));
      expect(next.error).toBeUndefined();
      expect((await files.list(".store")).filter((name) => !name.endsWith(".new"))).toEqual(["lock"]);
    }
    expect(outcomes).toEqual(new Set(["refused", "held"]));
  });

  it("leaves a whole lock or none, at whatever moment the power fails", async () => {
    const seen = new Set<string>();
    for (let run = 1; run <= 200; run++) {
      const files = await filesWith(run % 2 === 0 ? signatureOf(process(6), TOKEN, 3) : undefined, run);
      const random = new Random(run, "crash");
      const crashes: FaultFiles[] = [];
      files.changed = () => void (random.chance(0.4) && crashes.push(files.crashed(random)));
      const system = new System();
      await (await tryAcquire(lockFilesOf(files), system.world(process(7)))).lock!.release();
      for (const left of crashes) {
        const bytes = await left.read(TARGET.path);
        seen.add(bytes === undefined ? "none" : `of ${readSignature(bytes)?.pid ?? "nobody"}`);
        const restarted = new System();
        const next = tryAcquire(lockFilesOf(left, BOOT_UNIX_MS - 1), restarted.world(process(8, { boot: "boot-2" })));
        await restarted.pass(5_200);
        expect(await outcomeOf(next)).toMatchObject({ error: undefined });
        expect(await left.list(".store")).toEqual(["lock"]);
      }
    }
    expect(seen).toEqual(new Set(["none", "of 6", "of 7"]));
  });
});

describe("several takers", () => {
  /** Files whose calls, from number `at` on, wait for `resume`. */
  function stopping(files: LockFiles, at: number, resume: () => Promise<void>): LockFiles {
    let calls = 0;
    let stopped: Promise<void> | undefined;
    const call =
      (name: keyof LockFiles) =>
      async (...args: never[]): Promise<unknown> => {
        if (calls++ === at) stopped = resume();
        await stopped;
        return (files[name] as (...all: never[]) => Promise<unknown>)(...args);
      };
    return new Proxy(files, { get: (_, name) => call(name as keyof LockFiles) });
  }

  it.each([
    ["that keep running", 0],
    ["of which some die meanwhile", 1],
    ["of which some are paused meanwhile", 2],
  ])("%s: one gets the lock of a dead process", async (_, kind) => {
    const holders = new Set<number>();
    for (let run = 1; run <= 60; run++) {
      const left = run % 3 === 0 ? undefined : signatureOf(process(7, { boot: `boot-${run % 3}` }), TOKEN, 3);
      const files = await filesWith(left, run);
      const system = new System();
      const random = new Random(run, "takers");
      const ended: (Attempt & { readonly pid: number })[] = [];
      const killed = new Set<number>();
      for (let pid = 10; pid < 14; pid++) {
        // Takers in other namespaces cannot judge the others.
        const self = process(pid, pid % 2 === 0 ? {} : { namespace: `pid:[${pid}]` });
        const resume = (): Promise<void> => {
          if (kind === 2) return new Promise((resolve) => void system.clock.after(random.between(1, 20_000), resolve));
          killed.add(pid);
          system.starts.delete(pid);
          return new Promise(() => {});
        };
        const real = lockFilesOf(files);
        const own = kind > 0 && pid < 12 ? stopping(real, random.below(14), resume) : real;
        void tryAcquire(own, system.world(self)).then((taken) => ended.push({ ...taken, pid }));
        await system.pass(random.below(200));
      }
      await system.pass(40_000);
      const held = ended.filter(({ lock, pid }) => lock !== undefined && lock.loss === undefined && !killed.has(pid));
      expect([run, held.length <= 1]).toEqual([run, true]);
      if (kind === 0) expect([run, held.length]).toEqual([run, 1]);
      // What is left lets the next process in, once the holder has released the lock.
      for (const { lock, pid } of held) {
        expect([run, await holderOf(files)]).toEqual([run, pid]);
        holders.add(pid);
        await lock!.release();
      }
      const next = tryAcquire(lockFilesOf(files), system.world(process(20)));
      await system.pass(12_000);
      expect([run, await outcomeOf(next)]).toMatchObject([run, { error: undefined }]);
    }
    expect(holders.size).toBeGreaterThan(1);
  });
});
