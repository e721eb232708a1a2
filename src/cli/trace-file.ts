import { closeSync, openSync, writeSync } from "node:fs";
import { WireError } from "../errors.js";
import { traceWriter, type TraceWriter } from "../machine/index.js";

/** Written at once; what a process that is killed may lose. */
const CHUNK_CHARACTERS = 1 << 16;

export interface TraceFile {
  readonly trace: TraceWriter;
  close(): void;
}

/** A trace into a file that only its owner may read: it holds what was on the wire. @throws WireError `argument` */
export function openTrace(path: string): TraceFile {
  const file = open(path);
  let pending = "";
  const flush = () => {
    writeSync(file, pending);
    pending = "";
  };
  const trace = traceWriter((line) => {
    pending += line;
    if (pending.length >= CHUNK_CHARACTERS) flush();
  });
  return {
    trace,
    close() {
      flush();
      closeSync(file);
    },
  };
}

function open(path: string): number {
  try {
    return openSync(path, "w", 0o600);
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "no reason given";
    const issue = { code: "argument", format: "trace", path: "file", offset: 0, expected: "a file to write" } as const;
    throw new WireError({ ...issue, actual: `${path} (${reason})` }, { cause });
  }
}
