import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WorkerSettings } from "./settings.js";

/** The processes that were started are gone; they are started again after this. */
const RESTART_MS = 1_000;
/** What they have to end in by themselves. */
const END_MS = 2_000;

/**
 * The processes: one that starts the workers again when they die, which is started again when it dies itself, and the
 * workers, each of which comes with a pipe.
 */
export class WorkerPool {
  readonly #settings: WorkerSettings;
  readonly #program: string;
  readonly #onJoined: (path: string) => void;
  #supervisor!: ChildProcess;
  #restart: NodeJS.Timeout | undefined;
  #isEnding = false;

  /** @param joined is told where each worker waits for its owner */
  constructor(settings: Omit<WorkerSettings, "folder">, program: string, joined: (path: string) => void) {
    // Nobody else can enter the folder that this makes.
    this.#settings = { ...settings, folder: mkdtempSync(join(tmpdir(), "specwire-")) };
    this.#program = program;
    this.#onJoined = joined;
    this.#fork();
  }

  /** Rejects when the first process ends before anybody has told it to. */
  async broken(): Promise<never> {
    const [code, signal] = (await once(this.#supervisor, "exit")) as [number | null, string | null];
    throw new Error(`the workers cannot be started: ${code ?? signal}`);
  }

  /** Ends whatever runs still; resolves when nothing does. */
  async end(): Promise<void> {
    this.#isEnding = true;
    clearTimeout(this.#restart);
    const supervisor = this.#supervisor;
    if (supervisor.pid !== undefined && supervisor.exitCode === null && supervisor.signalCode === null) {
      const ended = once(supervisor, "exit");
      if (supervisor.connected) supervisor.disconnect();
      const timer = setTimeout(() => supervisor.kill("SIGKILL"), END_MS);
      await ended;
      clearTimeout(timer);
    }
    rmSync(this.#settings.folder, { recursive: true, force: true });
  }

  #fork(): void {
    const supervisor = fork(this.#program, [JSON.stringify(this.#settings)], {
      // What this process was started with, such as an inspector's port, is its own.
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const gone = (): void => {
      if (!this.#isEnding) this.#restart = setTimeout(() => this.#fork(), RESTART_MS);
    };
    supervisor.on("message", (path) => this.#onJoined(path as string));
    supervisor.once("exit", gone);
    supervisor.on("error", () => {
      // It could not even be started, and so it cannot exit.
      if (supervisor.pid === undefined) gone();
    });
    this.#supervisor = supervisor;
  }
}
