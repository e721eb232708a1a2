/** The command-line program, bundled and run in a process of its own. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type BuildOptions } from "esbuild";
import { hashOf } from "../../scripts/ready/inputs.mjs";

const root = new URL("../../", import.meta.url).pathname;

/** What the programs of tests are made of. */
const SOURCES = ["src", "package.json", "package-lock.json"].map((path) => join(root, path));
/** Builds of the program, by the hash of their sources. */
const BUILDS = join(root, "build/programs");
/** A build that no test has begun with for so long is removed: none runs it any more. */
const KEPT_MS = 3_600_000;

/**
 * The program, bundled from the source, for tests that run it in a process of their own. All of them share one build,
 * which stays. It is in pieces, as the package is: a process that starts reads those that its command needs.
 */
export async function bundleProgram(): Promise<string> {
  const folder = join(BUILDS, hashOf(SOURCES));
  const program = join(folder, "main.mjs");
  if (existsSync(program)) {
    utimesSync(folder, new Date(), new Date());
    return program;
  }
  mkdirSync(BUILDS, { recursive: true });
  const own = mkdtempSync(`${folder}-`);
  const outExtension = { ".js": ".mjs" };
  await build({ ...optionsOf("src/cli/main.ts", root), outdir: own, splitting: true, outExtension });
  try {
    renameSync(own, folder);
  } catch (error) {
    // Another test was faster.
    rmSync(own, { recursive: true });
    if (!existsSync(program)) throw error;
  }
  removeOldBuilds();
  return program;
}

/** A program as one file in a folder of its own. @param entry its path inside the tree @param tree holds `src` */
export async function bundle(entry: string, tree: string = root): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), "specwire-program-")), "specwire.mjs");
  await build({ ...optionsOf(entry, tree), outfile });
  return outfile;
}

function optionsOf(entry: string, tree: string) {
  return {
    entryPoints: [join(tree, entry)],
    bundle: true,
    platform: "node",
    format: "esm",
    // As the package is built: an ES module shows its names, where only some of a program import it.
    mainFields: ["module", "main"],
    external: ["@aws-sdk/client-s3", "@nats-io/*", "binary-parser", "restructure"],
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire("${root}package.json");`,
    },
    logLevel: "error",
  } as const satisfies BuildOptions;
}

function removeOldBuilds(): void {
  const oldMs = Date.now() - KEPT_MS;
  for (const name of readdirSync(BUILDS)) {
    const path = join(BUILDS, name);
    const { mtimeMs = Infinity } = statSync(path, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs < oldMs) rmSync(path, { recursive: true, force: true });
  }
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
