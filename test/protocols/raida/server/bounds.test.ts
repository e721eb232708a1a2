/** Tests of the limits of serial numbers and page files. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { openPageFileDisk } from "../../../../src/storage/index.js";
import { decodeCoinPage, encodeCoinPage, Status } from "../../../../src/protocols/raida/index.js";
import { COIN_PAGE_FILES, putCoins } from "../../../../src/protocols/raida/node.js";
import { anOf, Harness, bodyOf, nameOf, request } from "../harness.js";
import { DETECT, DETECT_SUM, FIND, FIX, GET_TICKET, POWN, POWN_SUM, STORE_SUM } from "../commands.js";

const PAN = new Uint8Array(16).fill(0x5a);
const LAST = 1_023_999;

describe("serial numbers", () => {
  const harness = (): Harness => {
    const made = new Harness();
    made.put(1, LAST);
    made.put(1, 5);
    return made;
  };
  /** Of a command that names this coin and coin 5, whose number is right. */
  const status = (serial: number, group: number, command: number, ...behind: Uint8Array[]): number => {
    const parts = [5, serial].map((sn) =>
      concatBytes(nameOf(1, sn), anOf(1, sn), ...(command % 40 === 20 ? [PAN] : [])),
    );
    return harness().ask(request(group, command, bodyOf(...parts, ...behind))).header.status;
  };
  /** Of a command with names alone. */
  const ofNames = (serial: number, group: number, command: number, ...behind: Uint8Array[]): number =>
    harness().ask(request(group, command, bodyOf(nameOf(1, 5), nameOf(1, serial), ...behind))).header.status;
  const sum = anOf(1, 5).map((byte, i) => byte ^ anOf(1, LAST)[i]!);
  const key = concatBytes(new Uint8Array(12).fill(3), new Uint8Array(4).fill(0xff));

  it.each([
    ["detect", Status.allPass, Status.mixed, (sn: number) => status(sn, ...DETECT)],
    ["pown", Status.allPass, Status.mixed, (sn: number) => status(sn, ...POWN)],
    ["get_ticket", Status.allPass, Status.errorSerialOrDenomination, (sn: number) => status(sn, ...GET_TICKET)],
    ["find", Status.findAllAn, Status.errorSerialOrDenomination, (sn: number) => status(sn, ...FIND)],
    ["fix", Status.allFail, Status.errorSerialOrDenomination, (sn: number) => ofNames(sn, ...FIX, new Uint8Array(116))],
    ["detect_sum", Status.allPass, Status.errorSerialOrDenomination, (sn: number) => ofNames(sn, ...DETECT_SUM, sum)],
    ["pown_sum", Status.allPass, Status.errorSerialOrDenomination, (sn: number) => ofNames(sn, ...POWN_SUM, sum, PAN)],
    [
      "store_sum",
      Status.allPass,
      Status.errorSerialOrDenomination,
      (sn: number) => ofNames(sn, ...STORE_SUM, sum, key),
    ],
  ] as const)("end at 1,023,999 for %s: %i there, %i beyond", (_, there, beyond, ask) => {
    expect(ask(LAST)).toBe(there);
    for (const serial of [1_024_000, 1_025_000, 2 ** 26 + 5, 2 ** 32 - 1]) expect(ask(serial)).toBe(beyond);
  });
});

it("a page file follows its spec", async () => {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  const disk = await openPageFileDisk({ folder, layout: COIN_PAGE_FILES });
  await putCoins(disk, [{ denomination: -8, serial: LAST, an: anOf(-8, LAST), mfs: 45 }]);
  await disk.close();
  const bytes = new Uint8Array(readFileSync(join(folder, "Data/f8/03/03e7.bin")));
  const { coins } = decodeCoinPage(bytes);
  expect(coins).toHaveLength(1_024);
  expect(coins[1_023]).toEqual({ an: anOf(-8, LAST), mfs: 45 });
  expect(encodeCoinPage({ coins })).toEqual(bytes);
  rmSync(folder, { recursive: true });
});
