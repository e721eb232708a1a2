/** Systems for tests of locks: their identities, clocks and processes are given. */
import { acquireLock, type LockFiles, type LockTarget } from "../../src/storage/file-lock.js";
import type { HeldLock, LockOptions } from "../../src/storage/index.js";
import type { LockWorld, ProcessIdentity } from "../../src/storage/lock-holder.js";
import { VirtualClock, type FaultFiles } from "../../src/testing/index.js";

export const TARGET: LockTarget = { path: ".store/lock", fullPath: "data/.store/lock", what: "a folder" };
export const BOOT_UNIX_MS = 1_000_000;

/** A process as its lock identifies it. */
export const process = (pid: number, more: Partial<ProcessIdentity> = {}): ProcessIdentity => ({
  pid,
  host: "one",
  boot: "boot-1",
  namespace: "pid:[1]",
  started: `${1_000 + pid}`,
  ...more,
});

/** A system with a clock and running processes. */
export class System {
  readonly clock = new VirtualClock();
  /** Start of each running process by its number. */
  readonly starts = new Map<number, string>();

  world(self: ProcessIdentity, more: Partial<LockWorld> = {}): LockWorld {
    if (self.started !== undefined) this.starts.set(self.pid, self.started);
    return {
      self,
      startOf: (pid) => (this.starts.has(pid) ? { started: this.starts.get(pid)! } : "none"),
      bootUnixMs: BOOT_UNIX_MS,
      clock: this.clock,
      unixMs: () => BOOT_UNIX_MS + this.clock.nowMs(),
      inBackground: (delayMs, action) => this.clock.after(delayMs, action),
      ...more,
    };
  }

  /** Advances the clock in steps of 50 ms, and runs what falls due. */
  async pass(forMs: number): Promise<void> {
    const endMs = this.clock.nowMs() + forMs;
    for (let nowMs = this.clock.nowMs(); nowMs < endMs; nowMs += 50) {
      this.clock.runTo(Math.min(endMs, nowMs + 50));
      await new Promise(setImmediate);
    }
  }
}

/** The file operations of a lock on {@link FaultFiles}. */
export function lockFilesOf(files: FaultFiles, modifiedUnixMs = BOOT_UNIX_MS + 1): LockFiles {
  return {
    list: (path) => files.list(path),
    read: (path, bytesMax) => files.read(path, bytesMax),
    create: (path) => files.create(path),
    rename: (from, to) => files.rename(from, to),
    unlink: (path) => files.unlink(path),
    link: (from, to) => files.link(from, to),
    update: (path, change) => files.update(path, change),
    modifiedMs: async (path) => ((await files.read(path)) === undefined ? undefined : modifiedUnixMs),
  };
}

/** The outcome of an attempt to take the lock. */
export interface Attempt {
  readonly lock: HeldLock | undefined;
  readonly error: unknown;
}

export function tryAcquire(files: LockFiles, world: LockWorld, options?: LockOptions): Promise<Attempt> {
  return acquireLock(files, TARGET, world, options).then(
    (lock) => ({ lock, error: undefined }),
    (error: unknown) => ({ lock: undefined, error }),
  );
}
