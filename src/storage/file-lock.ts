import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, open, readFile, rmdir, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { WireError } from "../errors.js";

/** Who has a lock, as its file says. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
  /** When the process began, as the system counts: another that has its number by now is not the holder. */
  readonly started?: string | undefined;
}

/**
 * Takes a lock, also from a process of this machine that died. @param what is locked, for people
 * @returns what gives it back
 * @throws WireError `storage` with path `lock` when somebody else has it
 */
export async function lockFile(path: string, what: string): Promise<() => Promise<void>> {
  const me: Holder = { pid: process.pid, host: hostname(), token: randomUUID(), started: startOf(process.pid) };
  // Each round but the last has removed the lock of a process that died.
  for (let rounds = 0; rounds < 3; rounds++) {
    if (await tryCreate(path, JSON.stringify(me))) return () => unlinkIfThere(path);
    const holder = await holderOf(path);
    if (holder === undefined) continue;
    if (holder === "unsigned" || holder.host !== me.host || isAlive(holder)) {
      refuse(path, what, holder === "unsigned" ? "another process" : `process ${holder.pid} of ${holder.host}`);
    }
    await removeLockOf(holder, path);
  }
  return refuse(path, what, "several processes");
}

async function tryCreate(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(text).finally(() => file.close());
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw storageError(path, error);
  }
}

/** Undefined when it was given back in between; unsigned when whoever made it has not written its name. */
async function holderOf(path: string): Promise<Holder | "unsigned" | undefined> {
  try {
    const value = JSON.parse(await readFile(path, "utf8")) as Partial<Holder>;
    const { pid, host, token, started } = value;
    const isSigned = typeof pid === "number" && typeof host === "string" && /^[0-9a-f-]{36}$/.test(token ?? "");
    return isSigned ? { pid, host, token: token!, started } : "unsigned";
  } catch (error) {
    return codeOf(error) === "ENOENT" ? undefined : "unsigned";
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) !== "EPERM") return false;
  }
  const now = startOf(pid);
  return started === undefined || now === undefined || started === now;
}

/** Ticks from the start of the machine to that of a process, where the system says so (proc(5), /proc/pid/stat). */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program stands in parentheses and may hold any character.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/**
 * Removes the lock of a holder that died, and never that of a successor: whoever makes the folder that is named after
 * the holder may remove the lock, if it is still the holder's.
 */
async function removeLockOf(holder: Holder, path: string): Promise<void> {
  const permit = `${path}.${holder.token}`;
  try {
    await mkdir(permit);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    throw storageError(permit, error);
  }
  const now = await holderOf(path);
  if (typeof now === "object" && now.token === holder.token) await unlinkIfThere(path);
  await rmdir(permit);
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw storageError(path, error);
  }
}

function refuse(path: string, what: string, holder: string): never {
  throw new WireError({
    code: "storage",
    format: "folder",
    path: "lock",
    offset: 0,
    expected: `${what} that nobody else has open`,
    actual: `${holder}; if it is gone, delete ${path}`,
  });
}

function storageError(path: string, cause: unknown): WireError {
  return new WireError({ code: "storage", format: "file", path, offset: 0, actual: codeOf(cause) }, { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
