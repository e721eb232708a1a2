/** Runs the command `conformance` in this process. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { vi } from "vitest";
import { addConformance } from "../../src/cli/conformance.js";

/** The path of the recordings of a protocol. */
export function recording(protocol: string): string {
  return new URL(`../../seeds/${protocol}/vectors.json`, import.meta.url).pathname;
}

/** The verdict on one vector, as `--json` prints it. */
export interface Ended {
  readonly name: string;
  readonly family: string;
  readonly verdict: string;
  readonly rule?: string;
  readonly reason?: string;
  readonly differences?: readonly string[];
}

/** Runs the command. @returns the lines that it printed, and its exit code */
export async function conformance(...args: string[]): Promise<{ lines: readonly string[]; exitCode: unknown }> {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const program = new Command().exitOverride();
  addConformance(program);
  try {
    await program.parseAsync(["conformance", ...args], { from: "user" });
    return { lines, exitCode: process.exitCode };
  } finally {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  }
}

/** Calls `use` with a file of this content; a string is written as it is, anything else as JSON. */
export async function withRecording<T>(content: unknown, use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  try {
    const file = join(folder, "recording");
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The verdicts on all vectors of a file. */
export async function verdicts(file: string): Promise<readonly Ended[]> {
  const { lines } = await conformance(file, "--json");
  return (JSON.parse(lines.join("\n")) as { files: { vectors: Ended[] }[] }).files.flatMap((one) => one.vectors);
}

/** The verdicts on a recording of these vectors. */
export function verdictsOf(vectors: readonly unknown[]): Promise<readonly Ended[]> {
  return withRecording({ vectors }, verdicts);
}
