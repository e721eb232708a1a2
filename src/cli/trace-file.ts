import { constants } from "node:buffer";
import { closeSync, fchmodSync, fstatSync, lstatSync, openSync, statSync, writeSync } from "node:fs";
import { WireError, type WireErrorCode } from "../errors.js";
import { readTrace, traceWriter, type Trace, type TraceWriter } from "../machine/index.js";
import { readFile } from "./input.js";

/** Written at once; a process that is killed loses less than this. */
const CHUNK_CHARACTERS = 1 << 16;

const OWNER_ONLY = 0o600;

export interface TraceFile {
  readonly trace: TraceWriter;
  /** @throws WireError `storage` when not all could be written */
  close(): void;
}

/** A trace into a file that only its owner may read: it holds what was on the wire. @throws WireError `argument` */
export function openTrace(path: string): TraceFile {
  const file = attempt("argument", path, () => openForOwner(path));
  let pending: string[] = [];
  let pendingCharacters = 0;
  let failure: unknown;
  // Who is traced must not notice that the disk is full.
  const flush = () => {
    try {
      if (failure === undefined) writeAll(file, Buffer.from(pending.join("")));
    } catch (error) {
      failure = error;
    }
    pending = [];
    pendingCharacters = 0;
  };
  const trace = traceWriter((line) => {
    pending.push(line);
    pendingCharacters += line.length;
    if (pendingCharacters >= CHUNK_CHARACTERS) flush();
  });
  return {
    trace,
    close() {
      flush();
      closeSync(file);
      attempt("storage", path, () => {
        if (failure !== undefined) throw failure;
      });
    },
  };
}

/** @throws WireError `argument` when it is no trace, `limit` when it is too large to be read as one text */
export function readTraceFile(path: string): Trace {
  const bytes = readFile(path);
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    const expected = `at most ${constants.MAX_STRING_LENGTH} bytes`;
    throw new WireError({ ...issueOf("limit", path), expected, actual: `${bytes.length}` });
  }
  return readTrace(new TextDecoder().decode(bytes));
}

/** @throws for what would make the process wait, or be written somewhere else; a device is for whoever wants it */
function openForOwner(path: string): number {
  const about = statSync(path, { throwIfNoEntry: false });
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (about === undefined && isLink) throw Object.assign(new Error("a dangling link"), { code: "a dangling link" });
  if (about?.isFIFO() || about?.isSocket()) throw Object.assign(new Error("no file"), { code: "a FIFO or a socket" });
  const file = openSync(path, "w", OWNER_ONLY);
  // The mode above is that of a new file only.
  if (fstatSync(file).isFile()) fchmodSync(file, OWNER_ONLY);
  return file;
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

function attempt<T>(code: WireErrorCode, path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "no reason given";
    throw new WireError({ ...issueOf(code, path), expected: "a file that can be written", actual: reason }, { cause });
  }
}

function issueOf(code: WireErrorCode, path: string) {
  return { code, format: "trace", path, offset: 0 } as const;
}
