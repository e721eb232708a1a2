/** `bittrrt serve`: how it ends at a signal, and where its output cannot be written. */
import { openSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleProgram, Program, runProgram } from "../../support/program.js";

const SERVE = ["bittrrt", "serve", "--bind-addr", "127.0.0.1", "--bind-port", "0", "--port-ranges", "46712-46720"];

let program: string;
beforeAll(async () => (program = await bundleProgram()));
afterAll(() => rmSync(dirname(program), { recursive: true }));

it("ends with 0 at a signal", async () => {
  const server = new Program(program, [...SERVE, "--json"]);
  await server.line("listening", "type");
  expect(await server.stop()).toBe(0);
});

it.skipIf(process.platform !== "linux")("ends with 2 and a line where its output cannot be written", () => {
  const { code, errors } = runProgram(program, SERVE, openSync("/dev/full", "w"));
  expect(errors).toBe("specwire: standard output cannot be written: ENOSPC\n");
  expect(code).toBe(2);
});

it("ends with 2 and a line where it cannot listen", () => {
  const { code, errors } = runProgram(program, ["bittrrt", "serve", "--bind-addr", "nowhere.invalid"]);
  expect(errors).toMatch(/^specwire: .+\n$/);
  expect(code).toBe(2);
});
