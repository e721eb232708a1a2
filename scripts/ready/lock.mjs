/** A lock between processes: a file that names its holder, who touches it while working. */
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, readlinkSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 100;
const TOUCH_EVERY_MS = 2_000;
/** A lock untouched for this long is abandoned, even if its process id is in use: the system reuses ids. */
const ABANDONED_AFTER_MS = 60_000;
const GIVE_UP_AFTER_MS = 15 * 60_000;

/** Runs `work` while it holds the lock; calls `say` once if it has to wait. */
export async function withLock(path, say, work) {
  await acquire(path, say);
  const touch = setInterval(() => utimesSync(path, new Date(), new Date()), TOUCH_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    rmSync(path, { force: true });
  }
}

async function acquire(path, say) {
  mkdirSync(dirname(path), { recursive: true });
  const me = JSON.stringify({ pid: process.pid, host: hostname(), system: systemOf(), token: randomUUID() });
  const giveUpMs = performance.now() + GIVE_UP_AFTER_MS;
  let said = false;
  while (!tryCreate(path, me)) {
    const holder = holderOf(path);
    if (holder === undefined) continue;
    if (isGone(holder)) {
      removeLockOf(holder, path);
    } else if (!said) {
      say(`waiting for process ${holder.pid}, which holds the lock`);
      said = true;
    }
    if (performance.now() > giveUpMs) throw new Error(`${path} was held for too long; delete it if nobody holds it`);
    await sleep(POLL_MS);
  }
}

function tryCreate(path, content) {
  try {
    writeFileSync(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** The holder of the lock and the time since its last touch; undefined if the lock was released meanwhile. */
function holderOf(path) {
  try {
    const ageMs = Date.now() - statSync(path).mtimeMs;
    // The file is empty between its creation and the write of its content: the holder is unknown.
    return { pid: "unknown", token: "unsigned", ...signatureIn(readFileSync(path, "utf8")), ageMs };
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The fields of the lock file; none for a truncated file. */
function signatureIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Whether the holder has ended. Process ids of another system mean nothing here: for it only the touches count. */
function isGone({ pid, host, system, ageMs }) {
  const isHere = host === hostname() && system === systemOf();
  return ageMs > ABANDONED_AFTER_MS || (isHere && !isAlive(pid));
}

/** The boot id and the PID namespace, as one text; "unknown" on systems without them. */
export function systemOf() {
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return "unknown";
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/**
 * Removes the lock of a holder that has ended, and never that of its successor: the process that creates the folder
 * named after the holder checks once more that the lock is the holder's, removes it, and then removes the folder.
 */
function removeLockOf(holder, path) {
  const permit = `${path}.${holder.token}`;
  try {
    mkdirSync(permit);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    // The process that created the folder may have died before it removed it.
    const ageMs = Date.now() - (statSync(permit, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (ageMs > ABANDONED_AFTER_MS) rmSync(permit, { recursive: true, force: true });
    return;
  }
  if (holderOf(path)?.token === holder.token) rmSync(path, { force: true });
  rmSync(permit, { recursive: true, force: true });
}
