/** `bittrrt serve` after a fault of its machine. */
import { Command } from "commander";
import { afterEach, expect, it, vi } from "vitest";
import { bittrrt as protocol } from "../../../src/cli/bittrrt/index.js";
import { addCommands, loadersOf } from "../../../src/cli/program.js";
import { BittrrtServer } from "../../../src/protocols/bittrrt/index.js";
import { createBittrrtClient } from "../../../src/protocols/bittrrt/node.js";

const lines = vi.hoisted((): string[] => []);

// Standard output belongs to the program that runs the tests.
vi.mock("../../../src/cli/server-output.js", () => {
  const write = (line: string): void => void lines.push(line);
  return { openOutput: async () => ({ write, writeFirst: write, close: async () => {} }) };
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

it("ends, says so once, and exits with 1: a supervisor starts it again", async () => {
  vi.spyOn(BittrrtServer.prototype, "step").mockImplementation(() => {
    throw new Error("planted");
  });
  const errors: string[] = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void errors.push(line));
  const program = new Command().exitOverride();
  await addCommands(program, loadersOf(protocol));
  const at = ["--bind-addr", "127.0.0.1", "--bind-port", "0", "--port-ranges", "42210-42212"];
  const ended = program.parseAsync(["bittrrt", "serve", "--json", ...at], { from: "user" });
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  const { address } = JSON.parse(lines[0]!) as { address: string };
  const client = await createBittrrtClient({ server: address });
  const connecting = client.connect().catch(() => {});
  await ended;
  expect(process.exitCode).toBe(1);
  expect(errors).toEqual([expect.stringMatching(/^specwire: .*fault: Error: planted/)]);
  await client.stop();
  await connecting;
});
