/** `raida demo --trace` and `replay` of its trace. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { raida } from "../../../src/cli/raida/index.js";
import { addReplay } from "../../../src/cli/replay.js";
import { addCommands, loadersOf } from "../../../src/cli/program.js";
import { isWireError } from "../../../src/errors.js";
import { RAIDA_COUNT, RAIDA_MACHINES, type HealRequest } from "../../../src/protocols/raida/index.js";
import { NO_FAULTS, Simulation } from "../../../src/testing/index.js";

let folder: string;
let recorded: readonly string[];
let demo: { readonly lines: readonly string[]; readonly exitCode: unknown };

/** Runs the program. @returns the lines that it printed, and its exit code */
async function specwire(...args: string[]): Promise<{ lines: readonly string[]; exitCode: unknown }> {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const program = new Command().exitOverride();
  await addCommands(program, loadersOf(raida));
  addReplay(program);
  try {
    await program.parseAsync(args, { from: "user" });
    return { lines, exitCode: process.exitCode };
  } finally {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "replay-"));
  const file = join(folder, "demo.jsonl");
  writeFileSync(file, "what everybody could read", { mode: 0o644 });
  demo = await specwire("raida", "demo", "--coins", "3", "--trace", file);
  recorded = readFileSync(file, "utf8").trimEnd().split("\n");
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

function written(lines: readonly string[]): string {
  const file = join(folder, "trace.jsonl");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

/** The recorded lines with one changed, or removed if `change` returns undefined, and its line number. */
function changed(pattern: RegExp, change: (line: string) => string | undefined): { file: string; line: number } {
  const index = recorded.findLastIndex((line) => pattern.test(line));
  const line = change(recorded[index]!);
  return { file: written(recorded.toSpliced(index, 1, ...(line === undefined ? [] : [line]))), line: index + 1 };
}

/** The hex with another first digit of the byte `at`. */
function flip(line: string, at: number): string {
  const place = line.lastIndexOf('"$hex":"') + '"$hex":"'.length + 2 * at;
  return `${line.slice(0, place)}${line[place] === "0" ? "1" : "0"}${line.slice(place + 1)}`;
}

async function refusalOf(file: string, ...args: string[]): Promise<unknown> {
  const error = await specwire("replay", file, ...args).catch((thrown: unknown) => thrown);
  return isWireError(error) ? error.toJSON() : expect.unreachable("a typed error");
}

describe("the trace of a demo", () => {
  it("names 26 machines, and is readable by its owner alone", () => {
    expect([demo.lines.at(-1), demo.exitCode]).toEqual(["healed 3 of 3 coins on 25 of 25 servers", 0]);
    const starts = recorded.filter((line) => line.includes('"start":'));
    expect(starts).toHaveLength(RAIDA_COUNT + 1);
    expect(statSync(join(folder, "demo.jsonl")).mode & 0o077).toBe(0);
  });

  it("replays without a difference, with one line per machine", async () => {
    const { lines, exitCode } = await specwire("replay", join(folder, "demo.jsonl"));
    expect(lines).toHaveLength(RAIDA_COUNT + 2);
    expect(lines[0]).toMatch(/^equal +raida-server 0: \d\d+ events, \d\d+ effects$/);
    expect(lines.slice(-2)).toEqual([expect.stringMatching(/^equal +raida-client: /), "26 passed, 0 failed"]);
    expect(exitCode).toBe(0);
  });

  it("is written and replayed by the commands that the documents show, with the last line that they show", async () => {
    const [section] = /^## What happened, again$[^]*?(?=^## )/m.exec(readFileSync("docs/traces.md", "utf8"))!;
    const commands = Array.from(section!.matchAll(/^npx specwire (.+?)(?: {2,}#.*)?$/gm), ([, args]) => args!);
    expect(commands).toHaveLength(3);
    const last: unknown[] = [];
    for (const command of commands) {
      const args = command.replace("trace.jsonl", join(folder, "readme.jsonl")).split(" ");
      last.push((await specwire(...args)).lines.at(-1));
    }
    expect(last).toEqual([expect.stringMatching(/^healed/), "26 passed, 0 failed", "1 passed, 0 failed"]);
    expect(section).toContain(last[1]);
  });

  it("replays one machine alone", async () => {
    const { lines } = await specwire("replay", join(folder, "demo.jsonl"), "--machine", "raida-server 7");
    expect(lines).toEqual([expect.stringMatching(/^equal +raida-server 7: /), "1 passed, 0 failed"]);
    expect(await refusalOf(join(folder, "demo.jsonl"), "--machine", "raida-server")).toMatchObject({
      code: "argument",
      expected: expect.stringContaining("raida-server 24, raida-client"),
      actual: "raida-server",
    });
  });

  it("cannot be written to a folder that does not exist", async () => {
    await expect(specwire("raida", "demo", "--trace", join(folder, "none", "trace"))).rejects.toMatchObject({
      code: "argument",
      actual: "ENOENT",
    });
  });

  it("is written to no FIFO and no dangling link", async () => {
    const [fifo, link] = [join(folder, "fifo"), join(folder, "link")];
    execFileSync("mkfifo", [fifo]);
    symlinkSync(join(folder, "nothing"), link);
    for (const [path, actual] of [
      [fifo, "a FIFO or a socket"],
      [link, "a dangling link"],
    ] as const)
      await expect(specwire("raida", "demo", "--trace", path)).rejects.toMatchObject({ code: "argument", actual });
    expect(existsSync(join(folder, "nothing"))).toBe(false);
  });

  it.skipIf(!existsSync("/dev/full"))("says so where the disk is full", async () => {
    await expect(specwire("raida", "demo", "--coins", "3", "--trace", "/dev/full")).rejects.toMatchObject({
      code: "storage",
      actual: "ENOSPC",
    });
  });
});

describe("a difference", () => {
  it("in bytes is shown as hex with its offset and its line in the file", async () => {
    const { file, line } = changed(/"raida-server 3".*"write"/, (text) => flip(text, 20));
    const { lines, exitCode } = await specwire("replay", file);
    const at = lines.findIndex((text) => text.startsWith("differs"));
    expect(lines[at]).toContain("raida-server 3: ");
    expect(lines[at + 1]).toMatch(new RegExp(`${file}:${line}: bytes at 20: expected [0-9a-f]{2}, got [0-9a-f]{2}$`));
    expect(lines[at + 2]).toMatch(/^ {2}in step \d+ at [\d.]+ ms: \{"type":"bytes"/);
    expect([lines.at(-1), exitCode]).toEqual(["25 passed, 1 failed", 1]);
  });

  it("in a value is shown by its path, and one in the type of an event or effect as a whole", async () => {
    const told = changed(/"raida-client".*"emit"/, (text) => text.replace(/"coins":\d+/, '"coins":77'));
    expect((await specwire("replay", told.file)).lines).toContainEqual(
      expect.stringMatching(new RegExp(`:${told.line}: event.coins: expected 77, got 3$`)),
    );
    const missing = changed(/"raida-server 3".*"write"/, () => undefined);
    expect((await specwire("replay", missing.file)).lines).toContainEqual(
      expect.stringMatching(new RegExp(`:${missing.line}: expected \\{"type":"(log|shut)".*, got \\{"type":"write"`)),
    );
  });

  it("follows from a changed random draw, and from a missing one", async () => {
    const drawn = changed(/"raida-client".*"random"/, (text) => flip(text, 0));
    expect((await specwire("replay", drawn.file)).lines.at(-1)).toBe("25 passed, 1 failed");
    const undrawn = changed(/"raida-client".*"random"/, () => undefined);
    expect((await specwire("replay", undrawn.file)).lines.at(-1)).toBe("25 passed, 1 failed");
  });

  it("is in the JSON, with the texts of both sides", async () => {
    const { file, line } = changed(/"raida-server 3".*"write"/, (text) => flip(text, 20));
    const { lines, exitCode } = await specwire("replay", file, "--json", "--machine", "raida-server 3");
    expect(JSON.parse(lines.join("\n"))).toMatchObject({
      file,
      machines: [
        {
          host: "raida-server 3",
          machine: "raida-server",
          difference: { line, found: [expect.stringContaining("bytes at 20")], expected: expect.any(String) },
        },
      ],
      passed: 0,
      failed: 1,
    });
    expect(exitCode).toBe(1);
  });
});

describe("a file that is no trace is refused with its line", () => {
  const replaced = (from: string, to: string) => (lines: readonly string[]) => {
    const index = lines.findIndex((line) => line.includes(from));
    return { lines: lines.with(index, lines[index]!.replace(from, to)), line: index + 1 };
  };

  it.each<[string, (lines: readonly string[]) => { lines: readonly string[]; line: number }]>([
    ["that is empty", () => ({ lines: [], line: 1 })],
    ["of another version", replaced('"trace":1', '"trace":2')],
    ["with half a line", (lines) => ({ lines: lines.with(40, lines[40]!.slice(0, -5)), line: 41 })],
    ["with an event of no type", (lines) => ({ lines: [...lines, '{"nowMs":1,"event":{}}'], line: lines.length + 1 })],
    ["of a machine that nobody knows", replaced('"machine":"raida-server"', '"machine":"raida-toad"')],
    ["of options that nobody knows", replaced('"raidaId"', '"raidaIds"')],
    ["of a server out of range", replaced('"raidaId":24', '"raidaId":25')],
    ["of too many servers", replaced('"servers":[', '"servers":["a:1",')],
  ])("one %s", async (_, change) => {
    const { lines, line } = change(recorded);
    expect(await refusalOf(written(lines))).toMatchObject({ code: "argument", format: "trace", path: `line ${line}` });
  });

  it("without its content, which may be secret", async () => {
    const index = recorded.findIndex((line) => line.includes('"$hex"'));
    const refusal = await refusalOf(written(recorded.with(index, recorded[index]!.slice(0, -5))));
    expect(JSON.stringify(refusal)).not.toMatch(/[0-9a-f]{16}/);
  });
});

it("the machines of a simulation replay too if they are named", async () => {
  const random = (n: number) => Uint8Array.from({ length: n }, (_, i) => i);
  const simulation = new Simulation({ run: 3, faults: { ...NO_FAULTS, splitRate: 0.5, delayMsMax: 20 }, traced: true });
  const servers = Array.from({ length: RAIDA_COUNT }, (_, id) => `server-${id}:7000`);
  for (const [raidaId, listen] of servers.entries()) {
    const options = { raidaId, peers: servers };
    const build = RAIDA_MACHINES["raida-server"];
    simulation.host(listen.split(":")[0]!, (env) => build(options, env), { listen, machine: "raida-server", options });
  }
  const options = { servers };
  const client = simulation.host("client", (env) => RAIDA_MACHINES["raida-client"](options, env), {
    machine: "raida-client",
    options,
  });
  const ans = Array.from({ length: RAIDA_COUNT }, () => random(16));
  const request: HealRequest = { command: "heal", coins: [{ denomination: 1, serial: 7, ans }] };
  const heal = client.call(request, 60_000);
  simulation.runUntil(() => heal.outcome !== undefined, 60_000);
  const { lines } = await specwire("replay", written(simulation.trace.trimEnd().split("\n")));
  expect(lines.at(-2)).toMatch(/^equal +client: \d{2,} events/);
  expect(lines.at(-1)).toBe("26 passed, 0 failed");
});
