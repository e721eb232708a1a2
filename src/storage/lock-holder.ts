/** Holders of a lock: how they sign it, and how another process tells whether they are dead. */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, uptime } from "node:os";
import type { Clock, Millis } from "../machine/index.js";

/** What tells a process from all others. A field is missing if the system does not provide it. */
export interface ProcessIdentity {
  readonly pid: number;
  /** For messages: neither unique nor constant. */
  readonly host: string;
  /** Id of the running kernel, drawn at boot (random(4), boot_id). */
  readonly boot?: string;
  /** The namespaces in which `pid` and `started` are valid (namespaces(7)). */
  readonly namespace?: string;
  /** Ticks from boot to the start of the process (proc(5), field 22 of stat). */
  readonly started?: string;
}

/** The content of a lock file. */
export interface Holder extends ProcessIdentity {
  /** Unique to this lock. */
  readonly token: string;
  /** Grows while the holder works. */
  readonly counter: string;
}

/** The system that a lock runs on: this process, the other processes and the clocks. */
export interface LockWorld {
  readonly self: ProcessIdentity;
  /** Start of a process of the same boot and namespace; `none` if it is dead, `hidden` if the system does not say. */
  startOf(pid: number): { readonly started: string } | "none" | "hidden";
  /** When this system booted, in Unix milliseconds. */
  readonly bootUnixMs: number;
  readonly clock: Clock;
  /** Unix milliseconds; continues while the system sleeps. */
  unixMs(): number;
  /** As {@link Clock.after}, but does not keep the process running. */
  inBackground(delayMs: Millis, action: () => void): () => void;
}

const COUNTER_DIGITS = 16;
const TOKEN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The bytes of a lock file; their number is constant for one holder. */
export function signatureOf(
  { pid, host, boot, namespace, started }: ProcessIdentity,
  token: string,
  counter: number,
): Uint8Array {
  const text = JSON.stringify({ pid, host, boot, namespace, started, token });
  return new TextEncoder().encode(`${text}\n${String(counter).padStart(COUNTER_DIGITS, "0")}\n`);
}

/** Reads a lock file; undefined if the signature is incomplete. */
export function readSignature(bytes: Uint8Array): Holder | undefined {
  const [text = "", counter = ""] = new TextDecoder().decode(bytes).split("\n");
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    const isSigned =
      typeof value?.pid === "number" && typeof value.host === "string" && TOKEN.test(String(value.token));
    return isSigned && /^\d{16}$/.test(counter) ? ({ ...value, counter } as Holder) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a holder lives; `unknown` if it is of another boot or PID namespace, or the system does not say. */
export function fateOf(holder: Holder, world: LockWorld): "alive" | "dead" | "unknown" {
  const { boot, namespace, started } = holder;
  const isComparable = boot !== undefined && namespace !== undefined && started !== undefined;
  if (!isComparable || boot !== world.self.boot || namespace !== world.self.namespace) return "unknown";
  const now = world.startOf(holder.pid);
  if (now === "hidden") return "unknown";
  return now !== "none" && now.started === started ? "alive" : "dead";
}

/** This process and the system that it runs on. */
export function systemLockWorld(): LockWorld {
  const own = startOf(process.pid);
  const boot = textOf(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const namespace = textOf(namespaceOfProc);
  return {
    self: {
      pid: process.pid,
      host: hostname(),
      ...(boot !== undefined && { boot }),
      ...(namespace !== undefined && { namespace }),
      ...(typeof own === "object" && own),
    },
    startOf,
    bootUnixMs: Date.now() - uptime() * 1_000,
    clock: {
      nowMs: () => performance.now(),
      after(delayMs, action) {
        const timer = setTimeout(action, delayMs);
        return () => clearTimeout(timer);
      },
    },
    unixMs: () => Date.now(),
    inBackground(delayMs, action) {
      const timer = setTimeout(action, delayMs);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

/** The PID and time namespaces of this process; empty if /proc shows another PID namespace, whose numbers differ. */
function namespaceOfProc(): string {
  if (readlinkSync("/proc/self") !== String(process.pid)) return "";
  return `${readlinkSync("/proc/self/ns/pid")} ${textOf(() => readlinkSync("/proc/self/ns/time")) ?? ""}`.trim();
}

function startOf(pid: number): { readonly started: string } | "none" | "hidden" {
  const stat = textOf(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  if (stat === undefined) return isThere(pid) ? "hidden" : "none";
  // The name of the program is in parentheses and may contain any character.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie or dead process writes nothing any more.
  return fields[0] === "Z" || fields[0] === "X" ? "none" : { started: fields[19]! };
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function textOf(read: () => string): string | undefined {
  try {
    const text = read();
    return text === "" ? undefined : text;
  } catch {
    return undefined;
  }
}
