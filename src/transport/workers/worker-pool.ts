/** The processes of the worker transport, as their owner starts and ends them. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WorkerSettings } from "./settings.js";

/** Delay before a supervisor that died is started again. */
const RESTART_MS = 1_000;
/** Time in which the supervisor must end before it is killed. */
const END_MS = 2_000;

/** {@link WorkerSettings} without the folder, which the pool creates. */
export type PoolSettings = Omit<WorkerSettings, "folder">;

/** The supervisor process, which replaces workers that die, and its workers. The pool replaces the supervisor. */
export class WorkerPool {
  readonly #settings: WorkerSettings;
  readonly #program: string;
  readonly #onJoined: (path: string) => void;
  #supervisor!: ChildProcess;
  #restart: NodeJS.Timeout | undefined;
  #isEnding = false;

  /** @param joined called with the path of the socket at which a new worker waits for its owner */
  constructor(settings: PoolSettings, program: string, joined: (path: string) => void) {
    // `mkdtemp` creates a folder that only this user can enter.
    this.#settings = { ...settings, folder: mkdtempSync(join(tmpdir(), "specwire-")) };
    this.#program = program;
    this.#onJoined = joined;
    this.#fork();
  }

  /** Rejects when the supervisor ends on its own. */
  async broken(): Promise<never> {
    const [code, signal] = (await once(this.#supervisor, "exit")) as [number | null, string | null];
    throw new Error(`the workers cannot be started: ${code ?? signal}`);
  }

  /** Ends the supervisor and its workers; resolves when they have ended. */
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
      // Without the flags of this process, such as an inspector's port.
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const gone = (): void => {
      if (!this.#isEnding) this.#restart = setTimeout(() => this.#fork(), RESTART_MS);
    };
    supervisor.on("message", (path) => this.#onJoined(path as string));
    supervisor.once("exit", gone);
    supervisor.on("error", () => {
      // A process that could not be spawned does not emit `exit`.
      if (supervisor.pid === undefined) gone();
    });
    this.#supervisor = supervisor;
  }
}
