/** `raida repair` of a damaged log. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { concatBytes } from "../../../src/bytes/index.js";
import { COIN_PAGE_FILES, putCoins } from "../../../src/protocols/raida/node.js";
import { openPageFileDisk } from "../../../src/storage/index.js";
import { AuthCommand, CommandGroup, Status } from "../../../src/protocols/raida/index.js";
import { anOf, bodyOf, nameOf, request } from "../../protocols/raida/harness.js";
import { bundleProgram, Program } from "../../support/program.js";

const root = mkdtempSync(join(tmpdir(), "repair-cli-"));
const data = join(root, "server");
const log = join(data, ".store/00000001.log");
const COINS = [5, 6] as const;

let program: string;
beforeAll(async () => (program = await bundleProgram()));
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** Powns a coin. @returns the status of the reply */
async function pown(address: string, serial: number): Promise<number> {
  const body = bodyOf(concatBytes(nameOf(1, serial), anOf(1, serial), anOf(2, serial)));
  const socket = createSocket("udp4");
  socket.send(request(CommandGroup.auth, AuthCommand.pown, body), Number(address.split(":").at(-1)), "127.0.0.1");
  const [reply] = (await once(socket, "message")) as [Uint8Array];
  socket.close();
  return reply[2]!;
}

it("a killed server starts with all acknowledged changes, or reports where its log is damaged", async () => {
  const disk = await openPageFileDisk({ folder: data, layout: COIN_PAGE_FILES });
  await putCoins(
    disk,
    COINS.map((serial) => ({ denomination: 1, serial, an: anOf(1, serial) })),
  );
  await disk.close();
  const config = join(root, "serve.toml");
  const peers = Array.from({ length: 25 }, () => '"127.0.0.1:1"').join(", ");
  const ours = '[specwire]\nhost = "127.0.0.1"\ndata = "server"\n';
  writeFileSync(config, `[server]\nraida_id = 3\nport = 0\nraida_servers = [${peers}]\n${ours}`);
  const serve = () => new Program(program, ["raida", "serve", "--config", config]);
  const repair = (...args: string[]) => new Program(program, ["raida", "repair", data, ...args]);

  const server = serve();
  const { address } = await server.line("listening");
  for (const serial of COINS) expect(await pown(String(address), serial)).toBe(Status.allPass);
  expect(await server.stop("SIGKILL")).toBe("SIGKILL");

  const whole = readFileSync(log);
  // Damage in the header of the file, at its beginning, and in the first and the second record.
  for (const at of [0, 20, 520, 570, whole.length - 30]) {
    const flipped = Buffer.from(whole);
    flipped[at]! ^= 1;
    writeFileSync(log, flipped);
    const refused = serve();
    expect(await refused.ended()).toBe(2);
    expect(refused.logged).toMatchObject([{ level: "error", msg: "the server cannot run" }]);
    expect(refused.errors).toMatch(/00000001\.log.*byte \d+[^]*raida repair/);
    expect(readFileSync(log)).toEqual(flipped);
  }
  const damaged = readFileSync(log);
  const told = repair();
  expect([await told.ended(), told.errors]).toEqual([1, ""]);
  expect(told.output).toMatch(/^\.store\/00000001\.log: \d+ bytes from byte \d+: [^]*that would be lost: at least 0;/);
  expect(readFileSync(log)).toEqual(damaged);

  const done = repair("--accept-loss");
  expect([await done.ended(), done.errors]).toEqual([0, ""]);
  expect(done.output).toMatch(/stores carried out: 1\n$/);
  expect(readdirSync(join(data, ".store"))).toEqual([]);
  const none = repair();
  expect([await none.ended(), none.output]).toEqual([0, "nothing is damaged; stores in the log: 0\n"]);
  const again = serve();
  await again.line("listening");
  expect(await again.stop()).toBe(0);
  const nowhere = new Program(program, ["raida", "repair", join(root, "nothing")]);
  expect([await nowhere.ended(), nowhere.output]).toEqual([2, ""]);
}, 60_000);
