/** Numbered runs: which of them to play, and the command that repeats one. */

/** The part of `process` that is used under Node.js; browsers lack it. */
export interface NodeProcess {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  cwd(): string;
  getBuiltinModule(name: "node:fs"): {
    readFileSync(path: string | URL, encoding: "utf8"): string;
    writeFileSync(path: string | URL, text: string): void;
  };
  getBuiltinModule(name: "node:v8"): { getHeapStatistics(): { used_heap_size: number; external_memory: number } };
}

/** The process; undefined in a browser. */
export function nodeProcess(): NodeProcess | undefined {
  return (globalThis as { process?: NodeProcess }).process;
}

/** The first and the last run: all of 1 to `runs`, or those that `SPECWIRE_RUN` asks for: `17` or `1001-2000`. */
export function askedRuns(runs: number): { readonly first: number; readonly last: number; readonly isOne: boolean } {
  const asked = nodeProcess()?.env["SPECWIRE_RUN"];
  if (asked === undefined) return { first: 1, last: runs, isOne: false };
  const [, from, to = from] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(asked) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (!(first <= last))
    throw new RangeError(`SPECWIRE_RUN: expected the number of a run, or two as in 1-100, got ${asked}`);
  return { first, last, isOne: first === last };
}

/** The command that repeats a run: of the test by its name under Vitest, of the whole program elsewhere. */
export function replayCommand(name: string, run: number, file?: string, folder?: string): string {
  const process = nodeProcess();
  if (process !== undefined && process.env["VITEST"] === undefined) {
    return `SPECWIRE_RUN=${run} node ${process.argv.slice(1).map(quoted).join(" ")}`;
  }
  const path = file === undefined ? "" : ` ${quoted(shortened(decodeURIComponent(new URL(file).pathname), folder))}`;
  // `-t` takes a regular expression in shell quotes: a dot replaces each character that is special in either.
  return `SPECWIRE_RUN=${run} npx vitest run${path} -t "${name.replace(/[\\^$.*+?()[\]{}|"`!]/g, ".")}"`;
}

/** The same error, so that a test runner shows its values, with the command in its message. */
export function withReplay(error: unknown, command: string): Error {
  const failure = error instanceof Error ? error : new Error(String(error));
  const cause = failure.cause instanceof Error ? `\ncaused by ${failure.cause.stack ?? failure.cause.message}` : "";
  failure.message += `${cause}\n\nthis run again: ${command}`;
  return failure;
}

function shortened(path: string, folder: string | undefined): string {
  return folder !== undefined && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** A path as one word of a shell. */
function quoted(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
