/** Files that hold traces: written for their owner alone, and read. */
import { constants } from "node:buffer";
import { closeSync, fchmodSync, fstatSync, lstatSync, openSync, statSync, writeSync } from "node:fs";
import { WireError, type WireErrorCode } from "../errors.js";
import { readTrace, traceWriter, type Trace, type TraceWriter } from "../machine/index.js";
import { readFile } from "./input.js";

/** Characters of a write: a killed process loses fewer. */
const CHUNK_CHARACTERS = 1 << 16;

const OWNER_ONLY = 0o600;

/** A trace that is being written. */
export interface TraceFile {
  readonly trace: TraceWriter;
  /** Writes the rest and closes the file. @throws WireError `storage` for a failed write, also an earlier one */
  close(): void;
}

/** Opens a trace, in a file that only its owner may read: it holds secrets. @throws WireError `argument` */
export function openTrace(path: string): TraceFile {
  const file = attempt("argument", path, () => openForOwner(path));
  let pending: string[] = [];
  let pendingCharacters = 0;
  let failure: unknown;
  // A failed write is reported at the end: it must not disturb the traced machine.
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

/** Reads a trace. @throws WireError `argument` for another file, `limit` for one that is too large for a string */
export function readTraceFile(path: string): Trace {
  const bytes = readFile(path);
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    const expected = `at most ${constants.MAX_STRING_LENGTH} bytes`;
    throw new WireError({ ...issueOf("limit", path), expected, actual: `${bytes.length}` });
  }
  return readTrace(new TextDecoder().decode(bytes));
}

/** Opens a file or a device for writing. @throws for a FIFO or socket, which would block, and for a dangling link */
function openForOwner(path: string): number {
  const about = statSync(path, { throwIfNoEntry: false });
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (about === undefined && isLink) throw Object.assign(new Error("a dangling link"), { code: "a dangling link" });
  if (about?.isFIFO() || about?.isSocket()) throw Object.assign(new Error("no file"), { code: "a FIFO or a socket" });
  const file = openSync(path, "w", OWNER_ONLY);
  // The mode above applies to a new file only.
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
  return { code, format: "trace", path } as const;
}
