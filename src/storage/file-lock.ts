/**
 * The lock on a folder: a file that names its holder and has a counter, which the holder advances twice a second.
 *
 * A process takes over a lock by creating a claim, a file named after the token of the lock; exclusive creation lets
 * one process succeed. One rename then puts the claim in place of the lock, so that a lock exists at every moment. A
 * taker that dies in between leaves a chain of lock and claim; its last link is judged, and claimed, like a lock.
 */
import { randomUUID } from "node:crypto";
import { posix } from "node:path";
import { isWireError, WireError } from "../errors.js";
import type { Millis } from "../machine/index.js";
import type { FileSystem, HeldLock, LockOptions } from "./files.js";
import { fateOf, readSignature, signatureOf, type Holder, type LockWorld } from "./lock-holder.js";

/** The file operations of a lock. Every method rejects with a WireError `storage`. */
export interface LockFiles extends Pick<FileSystem, "list" | "read" | "create" | "rename" | "unlink"> {
  /** Gives a file a second name, or copies it. @returns false if the second name exists */
  link(from: string, to: string): Promise<boolean>;
  /**
   * Overwrites a file with what `change` returns for its bytes, which has the same length.
   * @returns false if that is undefined or the file is missing
   */
  update(path: string, change: (bytes: Uint8Array) => Uint8Array | undefined): Promise<boolean>;
  /** Unix milliseconds; undefined if the file is missing. */
  modifiedMs(path: string): Promise<number | undefined>;
}

const RENEW_EVERY_MS: Millis = 500;
/** A holder that has not renewed its lock for this long checks that it still holds it. */
const LATE_AFTER_MS: Millis = 3_000;
/** A lock whose counter stands for this long is taken; the holder checks earlier, to have time for its next write. */
const STANDING_MS: Millis = 5_000;
const POLL_EVERY_MS: Millis = 100;
const ROUNDS_MAX = 16;
const LOCK_BYTES_MAX = 4_096;

/** A lock or a claim as it was read. */
interface Seen {
  readonly path: string;
  /** Undefined if the signature is missing or incomplete. */
  readonly holder: Holder | undefined;
}

/** The lock to take. */
export interface LockTarget {
  /** Path for {@link LockFiles}. */
  readonly path: string;
  /** Absolute path, for messages. */
  readonly fullPath: string;
  /** What is locked, for messages: `a folder`. */
  readonly what: string;
}

/** Takes a lock. @throws WireError `storage` with path `lock` if another process holds it */
export async function acquireLock(
  files: LockFiles,
  target: LockTarget,
  world: LockWorld,
  options: LockOptions = {},
): Promise<HeldLock> {
  const taker = new Taker(files, target, world, options);
  await taker.take();
  return new OwnLock(files, target, taker, world, options.onLost);
}

/** The attempt of one process to take a lock. */
class Taker {
  readonly token = randomUUID();
  /** Whether somebody had the lock, and did not release it. */
  isTakenOver = false;
  readonly #files: LockFiles;
  readonly #target: LockTarget;
  readonly #path: string;
  readonly #world: LockWorld;
  readonly #options: LockOptions;
  readonly #draft: string;
  /** The claim made last; the draft before the first one. */
  #claim: string;

  constructor(files: LockFiles, target: LockTarget, world: LockWorld, options: LockOptions) {
    this.#files = files;
    this.#target = target;
    this.#path = target.path;
    this.#world = world;
    this.#options = options;
    this.#draft = `${target.path}.${this.token}.new`;
    this.#claim = this.#draft;
  }

  async take(): Promise<void> {
    try {
      // The draft is signed and synced before it is named as the lock: a full disk or power cut leaves no half lock.
      await this.#writeDraft();
      for (let rounds = 0; !(await this.#tryTake()); rounds++) {
        if (rounds === ROUNDS_MAX) this.#refuse("several processes");
      }
    } catch (error) {
      // A failure after the lock or a claim was made must not keep others out.
      for (const path of [this.#path, this.#claim]) await this.#removeOwn(path).catch(() => {});
      throw error;
    } finally {
      await this.#files.unlink(this.#draft).catch(() => {});
    }
    await this.#tidy().catch(() => {});
  }

  async #removeOwn(path: string): Promise<void> {
    const bytes = await this.#files.read(path, LOCK_BYTES_MAX);
    if (bytes && readSignature(bytes)?.token === this.token) await this.#files.unlink(path);
  }

  async #writeDraft(): Promise<void> {
    const file = await this.#files.create(this.#draft);
    try {
      await file.write(signatureOf(this.#world.self, this.token, 0), 0);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** @returns false if another taker was faster */
  async #tryTake(): Promise<boolean> {
    const chain = await this.#chain();
    const last = chain.at(-1);
    if (last === undefined) {
      if (!(await this.#files.link(this.#draft, this.#path))) return false;
    } else {
      if (!(await this.#isOver(last))) return false;
      const claim = claimOn(this.#path, last, chain.length);
      this.#claim = claim;
      if (!(await this.#files.link(this.#draft, claim))) return false;
      // Before the claim existed, the holder may have advanced the counter, or another taker have moved the lock.
      if (!this.#isSame(chain, await this.#chain())) {
        await this.#files.unlink(claim);
        return false;
      }
      await this.#moveDown(claim, chain);
      this.isTakenOver = true;
    }
    return isOwn(this.#files, this.#path, this.token);
  }

  /** The lock, the claim on it, the claim on that claim, and so on. */
  async #chain(): Promise<readonly Seen[]> {
    const chain: Seen[] = [];
    for (let at = this.#path; chain.length < ROUNDS_MAX;) {
      const bytes = await this.#files.read(at, LOCK_BYTES_MAX);
      if (bytes === undefined) break;
      const seen = { path: at, holder: readSignature(bytes) };
      chain.push(seen);
      at = claimOn(this.#path, seen, chain.length);
    }
    return chain;
  }

  /** Whether the chain has changed only by the new claim. */
  #isSame(before: readonly Seen[], now: readonly Seen[]): boolean {
    const isSame = before.every(
      ({ path, holder }, i) => path === now[i]?.path && holder?.token === now[i].holder?.token,
    );
    const hasMoved = now[before.length - 1]?.holder?.counter !== before.at(-1)!.holder?.counter;
    return isSame && now.length === before.length + 1 && (!hasMoved || this.#options.takeLock === true);
  }

  /** Whether the holder is gone. @returns false if the lock changed meanwhile @throws WireError if the holder lives */
  async #isOver(seen: Seen): Promise<boolean> {
    const { takeLock } = this.#options;
    if (takeLock === true) return true;
    if (seen.holder === undefined) {
      const modifiedMs = await this.#files.modifiedMs(seen.path);
      if (modifiedMs === undefined) return false;
      return modifiedMs < this.#world.bootUnixMs || this.#refuse("a process that has not signed");
    }
    const fate = fateOf(seen.holder, this.#world);
    if (fate === "alive") this.#refuse(nameOf(seen.holder));
    return fate === "dead" || this.#hasStopped(seen.path, seen.holder);
  }

  /**
   * Whether the counter stands still. A poll counts for at most twice its interval: when this process is paused, the
   * holder may be paused too.
   */
  async #hasStopped(path: string, holder: Holder): Promise<boolean> {
    const { clock } = this.#world;
    for (let stoodMs = 0, beforeMs = clock.nowMs(); stoodMs < STANDING_MS;) {
      await new Promise<void>((resolve) => void clock.after(POLL_EVERY_MS, resolve));
      const nowMs = clock.nowMs();
      stoodMs += Math.min(nowMs - beforeMs, 2 * POLL_EVERY_MS);
      beforeMs = nowMs;
      const bytes = await this.#files.read(path, LOCK_BYTES_MAX);
      const now = bytes && readSignature(bytes);
      if (now?.token !== holder.token) return false;
      if (now.counter !== holder.counter) this.#refuse(nameOf(holder));
    }
    return true;
  }

  /** Moves a claim to the place of the lock. If another taker has moved it, the result is the same. */
  async #moveDown(claim: string, chain: readonly Seen[]): Promise<void> {
    let from = claim;
    for (let i = chain.length - 1; i >= 0; i--) {
      const { path } = chain[i]!;
      try {
        await this.#files.rename(from, path);
      } catch (error) {
        if (!isWireError(error) || error.actual !== "ENOENT") throw error;
      }
      from = path;
    }
  }

  /** Removes what dead takers have left: claims on former locks, and drafts. */
  async #tidy(): Promise<void> {
    const folder = posix.dirname(this.#path);
    const prefix = `${posix.basename(this.#path)}.`;
    for (const name of await this.#files.list(folder === "." ? "" : folder)) {
      const path = posix.join(folder, name);
      const [, token, isDraft] = LEFTOVER.exec(name.slice(prefix.length)) ?? [];
      if (!name.startsWith(prefix) || token === undefined || token === this.token) continue;
      if (isDraft === undefined || (await this.#isLeft(path))) await this.#files.unlink(path);
    }
  }

  async #isLeft(draft: string): Promise<boolean> {
    if (((await this.#files.modifiedMs(draft)) ?? 0) < this.#world.bootUnixMs) return true;
    const bytes = await this.#files.read(draft, LOCK_BYTES_MAX);
    const holder = bytes && readSignature(bytes);
    return holder !== undefined && fateOf(holder, this.#world) === "dead";
  }

  #refuse(holder: string): never {
    const actual = `${holder} (${this.#target.fullPath}); if it is gone, take the lock from it (takeLock, --take-lock)`;
    throw lockError(`${this.#target.what} that nobody else has open`, actual);
  }
}

/** A held lock: advances its counter, and notices when another process takes it. */
class OwnLock implements HeldLock {
  readonly isTakenOver: boolean;
  readonly #files: LockFiles;
  readonly #target: LockTarget;
  readonly #path: string;
  readonly #token: string;
  readonly #world: LockWorld;
  readonly #onLost: ((loss: WireError) => void) | undefined;
  #loss: WireError | undefined;
  #counter = 0;
  #renewed: { readonly nowMs: Millis; readonly unixMs: number };
  #renewing: Promise<void> | undefined;
  #isReleased = false;
  #cancelTimer = (): void => {};

  constructor(
    files: LockFiles,
    target: LockTarget,
    { token, isTakenOver }: Pick<Taker, "token" | "isTakenOver">,
    world: LockWorld,
    onLost: ((loss: WireError) => void) | undefined,
  ) {
    this.isTakenOver = isTakenOver;
    this.#files = files;
    this.#target = target;
    this.#path = target.path;
    this.#token = token;
    this.#world = world;
    this.#onLost = onLost;
    this.#renewed = this.#now();
    this.#schedule();
  }

  get loss(): WireError | undefined {
    return this.#loss;
  }

  async check(): Promise<void> {
    if (this.#loss === undefined && this.#isLate()) {
      // A renewal in progress may have read the lock long ago.
      await this.#renewing?.catch(() => {});
      await this.#renew();
    }
    if (this.#loss !== undefined) throw this.#loss;
  }

  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#cancelTimer();
    await this.#renewing?.catch(() => {});
    if (this.#loss !== undefined) return;
    if (await isOwn(this.#files, this.#path, this.#token)) await this.#files.unlink(this.#path);
  }

  #schedule(): void {
    this.#cancelTimer = this.#world.inBackground(RENEW_EVERY_MS, () => {
      // A failure is not reported here: `check` renews again before the next write.
      void this.#renew()
        .catch(() => {})
        .finally(() => {
          if (!this.#isReleased && this.#loss === undefined) this.#schedule();
        });
    });
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#advance().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  /**
   * Advances the counter, then looks for a claim. A taker makes its claim, then reads the counter: one of the two
   * notices the other.
   */
  async #advance(): Promise<void> {
    const now = this.#now();
    const next = signatureOf(this.#world.self, this.#token, this.#counter + 1);
    const isThere = await this.#files.update(this.#path, (bytes) =>
      readSignature(bytes)?.token === this.#token ? next : undefined,
    );
    this.#counter++;
    if (isThere && (await isOwn(this.#files, this.#path, this.#token))) this.#renewed = now;
    else this.#lose();
  }

  #lose(): void {
    if (this.#loss !== undefined || this.#isReleased) return;
    const { what, fullPath } = this.#target;
    this.#loss = lockError(`${what} locked by this process`, `the lock of another process (${fullPath})`);
    this.#onLost?.(this.#loss);
  }

  /** Reads both clocks: the monotonic one may stand while the system sleeps. */
  #isLate(): boolean {
    const { nowMs, unixMs } = this.#now();
    return Math.max(nowMs - this.#renewed.nowMs, Math.abs(unixMs - this.#renewed.unixMs)) > LATE_AFTER_MS;
  }

  #now(): { readonly nowMs: Millis; readonly unixMs: number } {
    return { nowMs: this.#world.clock.nowMs(), unixMs: this.#world.unixMs() };
  }
}

/** What follows `lock.` in the name of a claim or a draft. */
const LEFTOVER = /^([0-9a-f-]{36}|unsigned-\d+)(\.new)?$/;

/** @param depth position in the chain: it names the claim on an unsigned lock, which has no token */
function claimOn(path: string, { holder }: Seen, depth: number): string {
  return `${path}.${holder?.token ?? `unsigned-${depth}`}`;
}

/** Whether the lock has this token, and no claim. */
async function isOwn(files: LockFiles, path: string, token: string): Promise<boolean> {
  const bytes = await files.read(path, LOCK_BYTES_MAX);
  const isSigned = bytes !== undefined && readSignature(bytes)?.token === token;
  return isSigned && (await files.read(`${path}.${token}`, LOCK_BYTES_MAX)) === undefined;
}

function nameOf({ pid, host }: Holder): string {
  return `process ${pid} of ${host}`;
}

function lockError(expected: string, actual: string): WireError {
  return new WireError({ code: "storage", format: "folder", path: "lock", expected, actual });
}
