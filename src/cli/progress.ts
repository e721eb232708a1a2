/** Progress of long work on standard error: a line that changes on a terminal, a plain line now and then elsewhere. */

/** How far a work is. */
export interface Progress {
  /** Says how far it is; most calls write nothing. */
  show(text: string): void;
  /** Makes room for other lines. */
  clear(): void;
}

/** Least time between two lines that change, on a terminal. */
const REDRAW_MS = 100;
/** Least time between two plain lines: work that is shorter writes none. */
const PLAIN_MS = 5_000;

/** Progress of a work whose results are JSON, or not, on standard error. A program that reads JSON is told nothing. */
export function progressOf({ json = false }: { readonly json?: boolean }): Progress {
  return json ? { show() {}, clear() {} } : progressOn(process.stderr);
}

/** Progress on a stream. @param nowMs a monotonic clock, for tests */
export function progressOn(
  stream: { readonly isTTY?: boolean; write(text: string): unknown },
  nowMs: () => number = () => performance.now(),
): Progress {
  const isTerminal = stream.isTTY === true;
  // The first plain line waits; the first on a terminal does not.
  let nextMs = isTerminal ? -Infinity : nowMs() + PLAIN_MS;
  let isDrawn = false;
  return {
    show(text) {
      if (nowMs() < nextMs) return;
      nextMs = nowMs() + (isTerminal ? REDRAW_MS : PLAIN_MS);
      stream.write(isTerminal ? `\r\x1b[K${text}` : `${text}\n`);
      isDrawn = isTerminal;
    },
    clear() {
      if (isDrawn) stream.write("\r\x1b[K");
      isDrawn = false;
    },
  };
}
