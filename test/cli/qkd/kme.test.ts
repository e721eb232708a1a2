/** `qkd kme`: a pair of development KMEs, as a user runs it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleProgram, Program, runProgram } from "../../support/program.js";

let program: string;
const root = mkdtempSync(join(tmpdir(), "kme "));
beforeAll(async () => (program = await bundleProgram()));
afterAll(() => {
  rmSync(root, { recursive: true });
});

interface Listening {
  readonly kmes: readonly { readonly url: string; readonly kme: string; readonly sae: string }[];
  readonly certificates?: string;
}

const PORTS = ["--port", "0", "--peer-port", "0"];

async function started(...args: string[]): Promise<{ readonly running: Program; readonly at: Listening }> {
  const running = new Program(program, ["qkd", "kme", ...PORTS, "--json", ...args]);
  return { running, at: (await running.line("listening", "event")) as unknown as Listening };
}

/** Asks with the files of a SAE. */
function ask(url: string, folder: string, sae: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const file = (name: string) => readFileSync(join(folder, name));
  return new Promise((resolve, reject) => {
    const options = {
      ca: file("ca.pem"),
      cert: file(`${sae}.pem`),
      key: file(`${sae}-key.pem`),
      agent: false as const,
    };
    request(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode!, body: text }));
    })
      .on("error", reject)
      .end();
  });
}

describe("specwire qkd kme", () => {
  it("writes certificates, keys for their owner alone, and answers those who have them", async () => {
    const dir = join(root, "certificates");
    const { running, at } = await started("--dir", dir, "--sae", "one,two", "--dialect", "fork", "--key-size", "512");
    expect(at.certificates).toBe(dir);
    expect(at.kmes.map(({ kme, sae }) => [kme, sae])).toEqual([
      ["kme-one", "one"],
      ["kme-two", "two"],
    ]);
    const answer = await ask(`${at.kmes[0]!.url}/api/v1/keys/two/status`, dir, "one");
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body as string)).toMatchObject({ key_size: 512, min_key_size: 256, slave_SAE_ID: "two" });
    expect((await ask(`${at.kmes[0]!.url}/api/v1/keys/two/status`, dir, "one-reissued")).status).toBe(401);
    expect((await ask(`${at.kmes[1]!.url}/api/v1/keys/one/status`, dir, "two")).status).toBe(200);
    await expect(ask(`${at.kmes[0]!.url}/`, dir, "one-rogue")).rejects.toMatchObject({ code: "ECONNRESET" });
    for (const key of ["one-key.pem", "two-rogue-key.pem"]) expect(statSync(join(dir, key)).mode & 0o777).toBe(0o600);
    expect(await running.stop()).toBe(0);
    const events = running.logged.map(({ event, status, reason }) => [event, status ?? reason]);
    expect(events.slice(1)).toEqual([
      ["answered", 200],
      ["answered", 401],
      ["answered", 200],
      ["refused", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ]);
    expect(existsSync(dir)).toBe(true);
  });

  it("removes a folder of its own", async () => {
    const { running, at } = await started();
    expect(existsSync(join(at.certificates!, "ca.pem"))).toBe(true);
    expect(await running.stop("SIGINT")).toBe(0);
    expect(existsSync(at.certificates!)).toBe(false);
  });

  it("speaks plain HTTP without certificates, and plants faults", async () => {
    const { running, at } = await started("--http", "--fault", "status:json=503/7:1");
    expect(at.certificates).toBeUndefined();
    const url = `${at.kmes[0]!.url}/api/v1/keys/bob/status`;
    const [first, second] = [await fetch(url), await fetch(url)];
    expect([first.status, first.headers.get("retry-after"), second.status]).toEqual([503, "7", 200]);
    await running.stop();
  });

  it("shows how to try it", async () => {
    const running = new Program(program, ["qkd", "kme", ...PORTS]);
    while (!running.output.includes("dec_keys")) await new Promise((resolve) => setTimeout(resolve, 20));
    await running.stop();
    expect(running.output).toMatch(/^kme-alice for the SAE alice: https:\/\/127\.0\.0\.1:\d+\n/);
    expect(running.output).toMatch(/\ncurl --cacert .*\/api\/v1\/keys\/bob\/status\n/);
  });

  it.each([
    [["--fault", "enc_keys:nothing"], "kme.fault"],
    [["--dialect", "other"], "upstream, fork, py"],
    [["--sae", "same,same"], "two different names"],
    [["--key-size", "9999"], "kme.sizes"],
    [["--host", "192.0.2.1"], "kme.port"],
  ])("%j is wrong usage", (args, message) => {
    const { code, errors } = runProgram(program, ["qkd", "kme", ...PORTS, ...args]);
    expect([code, errors]).toEqual([2, expect.stringContaining(message)]);
  });
});
