/** What `raida demo` shows: the live table of servers, where it fits, and how a healing that failed ends. */
import { Command } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { canShowTable, ServerTable, type Terminal } from "../../../src/cli/raida/server-table.js";
import { raida } from "../../../src/cli/raida/index.js";
import { addCommands, loadersOf } from "../../../src/cli/program.js";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
});

/** What a table of two servers writes in a terminal. */
function drawn(terminal: Omit<Terminal, "write">, state: string): string {
  let text = "";
  const write = (chunk: string | Uint8Array): boolean => ((text += String(chunk)), true);
  const rows = [0, 1].map((id) => ({ id, address: `127.0.0.1:${id}`, authentic: id, state }));
  new ServerTable(rows, 1, { ...terminal, write }).draw();
  return text;
}

/** A text without what controls the terminal. */
const bare = (text: string): string => text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d*\\w`, "g"), "");

describe("the table of servers", () => {
  it("is shown where all its lines fit", () => {
    vi.stubEnv("TERM", "xterm");
    const fits = (columns?: number, rows?: number): boolean =>
      canShowTable(25, {
        write: () => true,
        ...(columns !== undefined && { columns }),
        ...(rows !== undefined && { rows }),
      });
    expect([fits(80, 27), fits(80, 26), fits(80, 24), fits(50, 40), fits()]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    vi.stubEnv("TERM", "dumb");
    expect(fits(80, 27)).toBe(false);
  });

  it("has no line that wraps", () => {
    const text = bare(drawn({ columns: 80, rows: 40 }, "tickets failed: unreachable, and more"));
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toContain("tickets failed");
  });

  it("has no colours with NO_COLOR", () => {
    vi.stubEnv("NO_COLOR", "");
    expect(drawn({}, "")).toContain("\u001b[32m");
    vi.stubEnv("NO_COLOR", "1");
    expect(drawn({}, "")).not.toContain("m");
  });
});

/** The lines of a demo. */
async function demo(...args: string[]): Promise<string[]> {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const program = new Command().exitOverride();
  await addCommands(program, loadersOf(raida));
  await program.parseAsync(["raida", "demo", ...args], { from: "user" });
  return lines;
}

it.each([
  ["13", { damaged: 4, healed: 0, lost: 4, noQuorum: 4 }, 1],
  ["3", { damaged: 4, healed: 4, lost: 0, servers: 25, noQuorum: 0 }, 0],
  ["0", { damaged: 0, healed: 0, lost: 0, servers: 25, noQuorum: 0 }, 0],
])("a demo with %s fracked servers counts as JSON what was lost and healed", async (fracked, outcome, code) => {
  const lines = await demo("--coins", "6", "--fracked", fracked, "--json");
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ coins: 6, ...outcome });
  expect(process.exitCode).toBe(code);
});

it("a demo without lost coins says so", async () => {
  expect((await demo("--coins", "2", "--fracked", "0")).at(-1)).toBe(
    "nothing to heal: 2 of 2 coins are authentic on 25 of 25 servers",
  );
});

it("a demo that heals nothing does not say that it healed", async () => {
  const lines = await demo("--coins", "6", "--fracked", "13");
  expect(process.exitCode).toBe(1);
  expect(lines.filter((line) => line.startsWith("healed"))).toEqual([]);
  expect(lines.at(-2)).toMatch(/^failed: \d of 6 coins are still lost, by \d+ of 25 servers$/);
});
