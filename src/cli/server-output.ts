/** The lines of a program that serves until a signal: neither a full disk nor a slow reader may stop it. */
import { once } from "node:events";
import { fstatSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { dirname } from "node:path";
import { pino } from "pino";
import { argumentError } from "../errors.js";
import { makeFolders } from "../storage/make-folders.js";

/** Most bytes of lines that wait for a slow reader; further lines are dropped. */
const WAITING_BYTES_MAX = 1024 * 1024;
/** How long the end of a program waits for a reader of its last lines. */
const CLOSE_MS = 1_000;
const STANDARD_OUTPUT = 1;

/** Where a server writes its lines. What cannot be written is dropped. */
export interface ServerOutput {
  write(line: string): void;
  /** Writes the first line at once. @returns the code of the error if it cannot be written */
  writeFirst(line: string): string | undefined;
  /** Resolves once all lines are written, or cannot be. */
  close(): Promise<void>;
}

/** Opens a file, or standard output. @throws WireError `argument` if it cannot be opened */
export async function openOutput(file?: string): Promise<ServerOutput> {
  return file === undefined && isPipe() ? pipeOutput() : fileOutput(file);
}

function isPipe(): boolean {
  const stats = fstatSync(STANDARD_OUTPUT);
  return stats.isFIFO() || stats.isSocket();
}

/** A pipe is written by the event loop: a thread that writes where nobody reads keeps the process for ever. */
function pipeOutput(): ServerOutput {
  const socket = new Socket({ fd: STANDARD_OUTPUT, readable: false, writable: true });
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  // Without a reader the server goes on.
  socket.on("error", () => {});
  return {
    write(line) {
      if (socket.writable && socket.writableLength <= WAITING_BYTES_MAX) socket.write(line);
    },
    writeFirst(line) {
      socket.write(line);
      return undefined;
    },
    async close() {
      const giveUp = setTimeout(() => socket.destroy(), CLOSE_MS);
      socket.end();
      await closed;
      clearTimeout(giveUp);
    },
  };
}

type Destination = ReturnType<typeof pino.destination> & { readonly destroyed: boolean; readonly fd: number };

async function fileOutput(file: string | undefined): Promise<ServerOutput> {
  const refuse = (cause: NodeJS.ErrnoException): never => {
    throw argumentError("config", "log_file", "a file", cause.code, { cause });
  };
  if (file !== undefined) await makeFolders(dirname(file)).catch(refuse);
  const options = { dest: file ?? STANDARD_OUTPUT, sync: false, mode: 0o600, maxLength: WAITING_BYTES_MAX };
  const destination = pino.destination(options) as Destination;
  await once(destination, "ready").catch(refuse);
  // Lines that cannot be written do not stop the server, nor keep it from ending: pino writes what is left when the
  // process exits, and tries that for ever where the system refuses it.
  let isRefused = false;
  destination.on("error", () => (isRefused = true));
  destination.on("write", () => (isRefused = false));
  const flushSync = destination.flushSync.bind(destination);
  destination.flushSync = () => {
    if (!isRefused) flushSync();
  };
  return {
    write: (line) => void destination.write(line),
    writeFirst(line) {
      try {
        writeSync(destination.fd, line);
        return undefined;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code;
      }
    },
    close: () =>
      new Promise((resolve) => {
        destination.once("close", resolve);
        // Else the lines that cannot be written are tried again for ever when the process exits.
        destination.on("error", () => {
          if (destination.destroyed) resolve();
          else destination.destroy();
        });
        destination.end();
      }),
  };
}
