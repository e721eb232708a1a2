/** Simulations: clients and a file server whose links are slow, cut at any byte, and parted from each other. */
import { describe, expect, it } from "vitest";
import { concatBytes, equalBytes, toHex } from "../../../../src/bytes/index.js";
import { sha256 } from "../../../../src/kernel/index.js";
import { FileClient, type FileClientCall, type FileClientValue } from "../../../../src/protocols/rpc/index.js";
import { simulate, type Simulation, type SimulationCall } from "../../../../src/testing/index.js";
import type { Random } from "../../../../src/testing/index.js";
import { scaled } from "../../../support/scale.js";
import { StoredFiles } from "./stored-files.js";

const file = import.meta.url;
const RUNS = scaled(60, 500);
const ADDRESS = "server:9000";
const TIMES = { requestTimeoutMs: 3_000, idleTimeoutMs: 2_000 };
/** After that much silence every transfer has ended, whoever waits for whom. */
const QUIET_MS = 20_000;
const LIMITS = { writeQueueBytesMax: 20_000 };
const PART_BYTES = 7_000;

type Client = ReturnType<typeof clientOn>;

function clientOn(simulation: Simulation, name: string) {
  const build = (): FileClient => new FileClient({ server: ADDRESS, replyTimeoutMs: 4_000, idleTimeoutMs: 2_000 });
  return simulation.host<FileClientCall, FileClientValue, never>(name, build, { limits: LIMITS });
}

/** One transfer of a client. `advance` is called again and again until it is over. */
interface Transfer {
  /** Every call of it that was made. */
  readonly calls: SimulationCall<FileClientValue>[];
  advance(): void;
  isOver: boolean;
}

class Uploading implements Transfer {
  readonly bytes: Uint8Array;
  readonly calls: SimulationCall<FileClientValue>[] = [];
  isOver = false;
  readonly #client: Client;
  readonly #transfer: number;
  readonly #random: Random;
  #at = 0;

  constructor(client: Client, transfer: number, random: Random, bytes: Uint8Array) {
    this.bytes = bytes;
    this.#client = client;
    this.#transfer = transfer;
    this.#random = random;
    this.calls.push(client.call({ command: "upload", transfer, name: "name", sizeBytes: bytes.length }, Infinity));
  }

  get isStored(): boolean {
    return this.calls[0]!.outcome?.ok === true;
  }

  advance(): void {
    if (this.calls[0]!.outcome !== undefined) return void (this.isOver = true);
    if (this.#random.chance(0.02)) this.calls.push(this.#client.call({ command: "abandon", transfer: this.#transfer }));
    // A source that is slow now and then.
    if (this.#at === this.bytes.length || this.calls.at(-1)!.outcome?.ok === false || this.#random.chance(0.2)) return;
    if (this.#at > 0 && this.calls.at(-1)!.outcome === undefined) return;
    const bytes = this.bytes.slice(this.#at, this.#at + this.#random.between(1, PART_BYTES));
    this.#at += bytes.length;
    this.calls.push(this.#client.call({ command: "write", transfer: this.#transfer, bytes }, Infinity));
  }
}

class Downloading implements Transfer {
  readonly calls: SimulationCall<FileClientValue>[] = [];
  readonly parts: Uint8Array[] = [];
  isOver = false;
  /** All of it was read. */
  isWhole = false;
  #isReading = false;
  readonly #client: Client;
  readonly #transfer: number;
  readonly #random: Random;

  constructor(client: Client, transfer: number, random: Random, wanted: Uint8Array | string) {
    this.#client = client;
    this.#transfer = transfer;
    this.#random = random;
    this.calls.push(client.call({ command: "download", transfer, file: wanted }, Infinity));
  }

  advance(): void {
    const { outcome } = this.calls.at(-1)!;
    if (outcome === undefined) return;
    if (!outcome.ok) return void (this.isOver = true);
    if (this.#isReading) {
      this.#isReading = false;
      if (outcome.value === undefined) return void (this.isOver = this.isWhole = true);
      this.parts.push(outcome.value as Uint8Array);
    }
    // A reader that takes its time now and then.
    if (this.#random.chance(0.3)) return;
    this.#isReading = true;
    this.calls.push(this.#client.call({ command: "read", transfer: this.#transfer }, Infinity));
  }
}

function drawContent(random: Random): Uint8Array {
  const sizes = [0, 1, random.below(500), random.below(60_000), random.below(700_000)];
  return random.bytes(random.pick(sizes));
}

describe("files through a bad network", () => {
  it("are whole or not there, and every call settles", { timeout: 24 * 3_600_000 }, async () => {
    let [whole, failed, stored] = [0, 0, 0];
    await simulate("are whole or not there, and every call settles", { runs: RUNS, file }, (simulation) => {
      const random = simulation.random.stream("files");
      let machine!: StoredFiles;
      const server = simulation.host("server", () => (machine = new StoredFiles(TIMES)), {
        listen: ADDRESS,
        limits: LIMITS,
      });
      const clients = Array.from({ length: 3 }, (_, i) => clientOn(simulation, `client${i}`));
      const contents = Array.from({ length: 5 }, () => drawContent(random));
      const hashes = new Set(contents.map((bytes) => toHex(sha256(bytes))));
      const uploads: Uploading[] = [];
      const downloads: Downloading[] = [];
      let nextTransfer = 0;

      // What is stored is one of the files, whole.
      simulation.always(() => {
        for (const hash of machine.files.keys()) if (!hashes.has(hash)) throw new Error("a file that nobody sent");
      });
      const begin = (): void => {
        const client = random.pick(clients);
        const bytes = random.pick(contents);
        if (random.chance(0.5)) uploads.push(new Uploading(client, nextTransfer++, random, bytes));
        else downloads.push(new Downloading(client, nextTransfer++, random, sha256(bytes)));
      };
      const advance = (): void => {
        for (const transfer of [...uploads, ...downloads]) if (!transfer.isOver) transfer.advance();
      };
      for (let i = 0; i < 400; i++) {
        if (i < 200 && random.chance(0.08)) begin();
        if (random.chance(0.01))
          simulation.cut(["server"], [random.pick(clients).name], { oneWay: random.chance(0.5) });
        if (random.chance(0.02)) simulation.heal();
        simulation.runFor(random.below(40));
        advance();
        for (const upload of uploads) {
          if (upload.isStored && ![...machine.files.values()].some(({ bytes }) => equalBytes(bytes, upload.bytes))) {
            throw new Error("a file that was acknowledged is not there");
          }
        }
      }
      // Once healed, everything comes to an end.
      simulation.heal();
      for (let ms = 0; ms < 120_000 && [...uploads, ...downloads].some(({ isOver }) => !isOver); ms += 50) {
        simulation.runFor(50);
        advance();
      }
      for (const { calls } of [...uploads, ...downloads]) {
        for (const { outcome } of calls) if (outcome === undefined) throw new Error("a call that never settles");
      }
      for (const { isWhole, parts } of downloads) {
        if (isWhole && !hashes.has(toHex(sha256(concatBytes(...parts))))) throw new Error("another file was read");
        if (isWhole) whole++;
        else failed++;
      }
      stored += uploads.filter(({ isStored }) => isStored).length;
      simulation.runFor(QUIET_MS);
      const open = [server, ...clients].map(({ openLinks }) => openLinks);
      expect([...open, machine.waiting]).toEqual([0, 0, 0, 0, 0]);

      const list = clients[0]!.call({ command: "list" }, 5_000);
      simulation.runUntil(() => list.outcome?.ok === true, 5_000);
    });
    expect(whole).toBeGreaterThan(RUNS);
    expect(failed).toBeGreaterThan(RUNS / 4);
    expect(stored).toBeGreaterThan(RUNS);
  });
});
