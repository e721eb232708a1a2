/** One process at a time, across processes: a file that names its holder and is touched while the holder works. */
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, readlinkSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 100;
const TOUCH_EVERY_MS = 2_000;
/** A lock that was not touched for so long has no living holder, whatever now bears its process id. */
const ABANDONED_AFTER_MS = 60_000;
const GIVE_UP_AFTER_MS = 15 * 60_000;

/** Runs `work` while no other process does; `say` is told once if that means waiting. */
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
      say(`waiting for process ${holder.pid}, which is at it already`);
      said = true;
    }
    if (performance.now() > giveUpMs) throw new Error(`${path} is held for too long; delete it if that is wrong`);
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

/** Who holds the lock and since when it was not touched, or undefined when it was let go in between. */
function holderOf(path) {
  try {
    const ageMs = Date.now() - statSync(path).mtimeMs;
    // Between creation and writing the file is empty: someone is there, but has not signed yet.
    return { pid: "unknown", token: "unsigned", ...signatureIn(readFileSync(path, "utf8")), ageMs };
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Nothing where it was cut off. */
function signatureIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Process ids of another system say nothing here: its holder is gone when it does not touch the lock any more. */
function isGone({ pid, host, system, ageMs }) {
  const isHere = host === hostname() && system === systemOf();
  return ageMs > ABANDONED_AFTER_MS || (isHere && !isAlive(pid));
}

/** Boot and PID namespace, where a system has them. */
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
 * Removes the lock of a holder that is gone, and never that of a successor: whoever makes the folder named after the
 * holder may remove the holder's lock, looks once more whether it is still there, and only then gives the folder back.
 */
function removeLockOf(holder, path) {
  const permit = `${path}.${holder.token}`;
  try {
    mkdirSync(permit);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    // Whoever made it may have died before it gave it back.
    const ageMs = Date.now() - (statSync(permit, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (ageMs > ABANDONED_AFTER_MS) rmSync(permit, { recursive: true, force: true });
    return;
  }
  if (holderOf(path)?.token === holder.token) rmSync(path, { force: true });
  rmSync(permit, { recursive: true, force: true });
}
