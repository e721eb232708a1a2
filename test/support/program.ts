/** The command-line program, bundled and run in a process of its own. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

const root = new URL("../../", import.meta.url).pathname;

/**
 * The program as one file, bundled from the source, for tests that run it in a process of its own.
 * @param tree the folder that holds `src`
 */
export function bundleProgram(tree: string = root): Promise<string> {
  return bundle("src/cli/main.ts", tree);
}

/** Another program as one file. @param entry its path inside the tree */
export async function bundle(entry: string, tree: string = root): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), "specwire-program-")), "specwire.mjs");
  await build({
    entryPoints: [join(tree, entry)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["@aws-sdk/client-s3", "@nats-io/*", "binary-parser", "restructure"],
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire("${root}package.json");`,
    },
    logLevel: "error",
  });
  return outfile;
}

/** Runs the program to its end; kills it where that does not come. @param stdout a file for its output */
export function runProgram(
  file: string,
  args: readonly string[],
  stdout: number | "pipe" = "pipe",
): { code: number | null; output: string; errors: string } {
  const result = spawnSync(process.execPath, [file, ...args], {
    encoding: "utf8",
    stdio: ["ignore", stdout, "pipe"],
    // It may be deaf to all other signals.
    killSignal: "SIGKILL",
    timeout: 30_000,
  });
  return { code: result.status, output: result.stdout ?? "", errors: result.stderr };
}

/** Exit code or signal of a process. */
type Ending = [code: number | null, signal: NodeJS.Signals | null];

/** A process that runs the program, and its output. */
export class Program {
  readonly child: ChildProcess;
  readonly #ended: Promise<Ending>;
  output = "";
  errors = "";

  constructor(
    file: string,
    args: readonly string[],
    serverOptions: readonly string[] = [],
    stdout: number | "pipe" = "pipe",
  ) {
    this.child = spawn(process.execPath, [...serverOptions, file, ...args], {
      stdio: ["ignore", stdout, "pipe", "ipc"],
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    this.child.stderr!.setEncoding("utf8").on("data", (text: string) => (this.errors += text));
    this.#ended = once(this.child, "close") as Promise<Ending>;
  }

  /** The JSON lines of its output so far. */
  get logged(): Record<string, unknown>[] {
    const whole = this.output.slice(0, this.output.lastIndexOf("\n") + 1);
    return whole
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Waits for a log line with this text under `key`. @throws if the program ends before */
  async line(text: string, key = "msg"): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.logged.find((line) => line[key] === text);
      if (found !== undefined) return found;
      const ended = await Promise.race([
        once(this.child.stdout!, "data").then(() => false),
        this.#ended.then(() => true),
      ]);
      if (ended) throw new Error(`ended without "${text}": ${this.errors}`);
    }
  }

  /** Waits for its end. @returns its exit code, or the signal that ended it */
  async ended(): Promise<number | string> {
    const [code, signal] = await this.#ended;
    return code ?? signal!;
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | string> {
    this.child.kill(signal);
    return this.ended();
  }
}
