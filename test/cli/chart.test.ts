/** `replay --chart` and `replay --registry`, of traces of machines that the program does not know. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { sequenceChart } from "../../src/cli/chart.js";
import { addReplay } from "../../src/cli/replay.js";
import { readTrace } from "../../src/machine/index.js";
import { NO_FAULTS, Simulation } from "../../src/testing/index.js";
import type { Effect, Event } from "../../src/machine/index.js";

/** Answers a datagram by one that is longer, and stores what it got. */
class Doubler {
  step(event: Event, _nowMs: number, out: Effect[]): void {
    if (event.type !== "datagram") return;
    out.push({ type: "store", op: 1, writes: [{ key: "last", at: 0, bytes: event.bytes.slice() }] });
    const bytes = Uint8Array.of(...event.bytes, ...event.bytes);
    out.push({ type: "datagram", peer: event.peer, bytes });
  }
  nextWakeMs(): number {
    return Infinity;
  }
}

/** Asks once for each call. */
class Asker {
  #id = 0;
  step(event: Event<{ command: string; secret: string }>, _nowMs: number, out: Effect[]): void {
    if (event.type === "call") {
      this.#id = event.id;
      out.push({ type: "datagram", peer: "doubler:1", bytes: Uint8Array.of(0xab, 0xcd) });
    }
    if (event.type === "datagram") out.push({ type: "settle", id: this.#id, value: event.bytes.length });
  }
  nextWakeMs(): number {
    return Infinity;
  }
}

let folder: string;
let text: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "chart-"));
  const simulation = new Simulation({ run: 1, faults: NO_FAULTS, traced: true });
  simulation.host("doubler", () => new Doubler(), { listen: "doubler:1", machine: "doubler", options: {} });
  const asker = simulation.host("asker", () => new Asker(), { listen: "asker:1", machine: "asker", options: {} });
  const call = asker.call({ command: "double", secret: "hunter2" }, 1_000);
  simulation.runUntil(() => call.outcome !== undefined, 1_000);
  simulation.runFor(100);
  text = simulation.trace;
  writeFileSync(join(folder, "trace.jsonl"), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `replay`. @returns all that it printed, and its exit code */
async function replay(...args: string[]): Promise<{ output: string; exitCode: unknown }> {
  let output = "";
  vi.spyOn(console, "log").mockImplementation((line: string) => void (output += `${line}\n`));
  vi.spyOn(process.stdout, "write").mockImplementation((part) => ((output += String(part)), true));
  const program = new Command().exitOverride();
  addReplay(program);
  try {
    await program.parseAsync(["replay", join(folder, "trace.jsonl"), ...args], { from: "user" });
    return { output, exitCode: process.exitCode };
  } finally {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  }
}

const arrowsOf = (chart: string): string[] =>
  chart.split("\n").flatMap((line) => /^ {2}(p\d+(?:->>|-x)p\d+: .*), [\d.]+ ms$/.exec(line)?.[1] ?? []);

describe("a chart", () => {
  it("shows once what both ends have, by who sent it, and no content", () => {
    const chart = sequenceChart(readTrace(text), { arrowsMax: 100 });
    const participants = Array.from(chart.matchAll(/participant (p\d) as (.*)/g), ([, id, name]) => [name, id]);
    const { caller, asker, doubler, disk } = Object.fromEntries(participants) as Record<string, string>;
    const arrows = [
      `${caller}->>${asker}: call 1 double`,
      `${asker}->>${doubler}: datagram, 2 B`,
      `${doubler}->>${disk}: store 1: 1 writes`,
      `${doubler}->>${asker}: datagram, 4 B`,
      `${disk}->>${doubler}: stored 1`,
      `${asker}->>${caller}: settle 1`,
    ];
    // A disk may be quicker than the network, or not.
    expect(arrowsOf(chart).toSorted()).toEqual(arrows.toSorted());
    expect(chart).not.toMatch(/hunter2|abcd/);
  });

  it("is bounded, and says what it leaves out", () => {
    const chart = sequenceChart(readTrace(text), { arrowsMax: 2 });
    expect(arrowsOf(chart)).toHaveLength(2);
    expect(chart).toContain(": 4 more are left out");
  });

  it("is printed of one host by the command", async () => {
    const { output } = await replay("--chart", "--machine", "asker");
    expect(output).toMatch(/^sequenceDiagram\n/);
    expect(arrowsOf(output).map((line) => line.split(": ")[1])).toEqual([
      "call 1 double",
      "datagram, 2 B",
      "datagram, 4 B",
      "settle 1",
    ]);
    await expect(replay("--chart", "--machine", "nobody")).rejects.toMatchObject({ code: "argument", path: "host" });
  });
});

describe("a registry", () => {
  const write = (name: string, code: string): string => {
    writeFileSync(join(folder, name), code);
    return join(folder, name);
  };
  const classes = `${Doubler.toString()}\n${Asker.toString()}`;

  it.each([
    ["names", "export const doubler = () => new Doubler();\nexport const asker = () => new Asker();"],
    ["one object", "export default { doubler: () => new Doubler(), asker: () => new Asker() };"],
  ])("that exports %s replays machines of one's own", async (name, exports) => {
    const { output, exitCode } = await replay("--registry", write(`${name}.mjs`, `${classes}\n${exports}`));
    expect(output).toMatch(/^equal +doubler: .*\nequal +asker: .*\n2 passed, 0 failed\n$/);
    expect(exitCode).toBe(0);
  });

  it("finds a machine that does something else", async () => {
    const other = classes.replace("...event.bytes, ...event.bytes", "...event.bytes");
    const exports = "export default { doubler: () => new Doubler(), asker: () => new Asker() };";
    const { output, exitCode } = await replay("--registry", write("other.mjs", `${other}\n${exports}`));
    expect(output).toContain("1 passed, 1 failed");
    expect(exitCode).toBe(1);
  });

  it("without a machine, with a mistake, or that is not there, is refused", async () => {
    const refused = { code: "argument", path: "registry" };
    await expect(replay("--registry", write("empty.mjs", "export const version = 1;"))).rejects.toMatchObject(refused);
    await expect(replay("--registry", write("broken.mjs", "throw new Error('x');"))).rejects.toMatchObject(refused);
    await expect(replay("--registry", join(folder, "none.mjs"))).rejects.toMatchObject(refused);
    await expect(replay()).rejects.toMatchObject({
      code: "argument",
      expected: expect.stringMatching(/^a machine of/),
    });
  });
});
