/** `raida backup` of a server under load. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { concatBytes } from "../../../src/bytes/index.js";
import { openPageFileDisk } from "../../../src/storage/index.js";
import { Status, offsetOf, pageKey } from "../../../src/protocols/raida/index.js";
import { COIN_PAGE_FILES, putCoins } from "../../../src/protocols/raida/node.js";
import { anOf, bodyOf, nameOf, request } from "../../protocols/raida/harness.js";
import { bundleProgram, Program } from "../../support/program.js";

const root = mkdtempSync(join(tmpdir(), "backup-cli-"));
const data = join(root, "server");
/** Coins on two pages; every request changes both. */
const COINS = [5, 2_000] as const;
const numberOf = (round: number, serial: number): Uint8Array => anOf(1 + round, serial);
const pown = (round: number): Uint8Array =>
  request(
    1,
    20,
    bodyOf(...COINS.map((sn) => concatBytes(nameOf(1, sn), numberOf(round, sn), numberOf(round + 1, sn)))),
  );

let program: string;
beforeAll(async () => (program = await bundleProgram()));
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** The round whose numbers the coins of a folder have. @throws Error if they are of several rounds */
async function roundIn(folder: string, most: number): Promise<number> {
  const disk = await openPageFileDisk({ folder, layout: COIN_PAGE_FILES });
  const rounds = await Promise.all(
    COINS.map(async (serial) => {
      const page = await new Promise<Uint8Array>((resolve, reject) =>
        disk.load({ key: pageKey(1, Math.floor(serial / 1_024)) }, (outcome) =>
          outcome.ok && outcome.value.bytes ? resolve(outcome.value.bytes.slice()) : reject(new Error("no page")),
        ),
      );
      const at = offsetOf(serial);
      const an = Buffer.from(page.subarray(at, at + 16));
      return Array.from({ length: most + 1 }, (_, round) => round).findIndex((r) => an.equals(numberOf(r, serial)));
    }),
  );
  await disk.close();
  if (rounds[0] === -1 || rounds[0] !== rounds[1]) throw new Error(`the coins are of rounds ${rounds.join(" and ")}`);
  return rounds[0]!;
}

it("copies a running server: all that was acknowledged before, and no torn request", async () => {
  const disk = await openPageFileDisk({ folder: data, layout: COIN_PAGE_FILES });
  await putCoins(
    disk,
    COINS.map((serial) => ({ denomination: 1, serial, an: numberOf(0, serial) })),
  );
  await disk.close();
  const config = join(root, "serve.toml");
  const peers = Array.from({ length: 25 }, () => '"127.0.0.1:1"').join(", ");
  // So small that the log is checkpointed all the time.
  const limits = "[specwire.limits]\ndisk_log_bytes_max = 1100\n";
  const ours = `[specwire]\nhost = "127.0.0.1"\ndata = "server"\n${limits}`;
  writeFileSync(config, `[server]\nraida_id = 3\nport = 0\nraida_servers = [${peers}]\n${ours}`);
  const server = new Program(program, ["raida", "serve", "--config", config]);
  const { address } = await server.line("listening");
  const socket = createSocket("udp4");
  let round = 0;
  const state = { isOver: false };
  const powning = (async () => {
    while (!state.isOver && round < 200) {
      socket.send(pown(round), Number(String(address).split(":").at(-1)), "127.0.0.1");
      const [reply] = (await once(socket, "message")) as [Uint8Array];
      if (reply[2] !== Status.allPass) throw new Error(`round ${round}: ${reply[2]}`);
      round++;
    }
  })();

  for (let copy = 0; copy < 3; copy++) {
    const to = join(root, `copy-${copy}`);
    const before = round;
    const backup = new Program(program, ["raida", "backup", data, to]);
    expect([await backup.ended(), backup.errors]).toEqual([0, ""]);
    const after = round;
    expect(readdirSync(to).sort()).toEqual([".store", "Data"]);
    expect(readdirSync(join(to, ".store"))).toEqual([]);
    const kept = await roundIn(to, 200);
    expect(kept).toBeGreaterThanOrEqual(before);
    expect(kept).toBeLessThanOrEqual(after + 1);
  }
  state.isOver = true;
  await powning;
  expect(round).toBeGreaterThan(10);
  socket.close();
  expect(await server.stop()).toBe(0);
  expect(await roundIn(data, 200)).toBe(round);

  for (const [from, to] of [
    [data, join(root, "copy-0")],
    [join(root, "nothing"), join(root, "other")],
    [data, join(data, "copy")],
  ] as const) {
    const refused = new Program(program, ["raida", "backup", from, to]);
    expect([await refused.ended(), refused.output]).toEqual([2, ""]);
    expect(refused.errors).toMatch(/^specwire: .*(to|folder)/);
  }
}, 60_000);
