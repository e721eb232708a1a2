/** Padding keeps every request and reply at a length that C servers with AES-NI can take. */
import { describe, expect, it } from "vitest";
import { EncryptionType } from "../../../../src/protocols/raida/index.js";
import { extraEntries } from "../../../../src/protocols/raida/client/plain-request.js";
import { plainRequestOf } from "../../../../src/protocols/raida/client/commands/index.js";
import { sampleRequest, COUNTED } from "./plain-requests.js";

/** Whether a C server with AES-NI overruns its buffer at a length and crashes (seeds/raida, bodies and ciphers). */
function isHarmful(bytes: number, least: number, [from, to]: readonly [number, number]): boolean {
  return bytes >= least && bytes % 16 >= from && bytes % 16 <= to;
}
const isHarmfulBody = (bytes: number): boolean => isHarmful(bytes, 19, [3, 8]);
const isHarmfulPayload = (bytes: number): boolean => isHarmful(bytes, 17, [1, 8]);

/** Commands whose requests can be padded. */
const FILLED = COUNTED.filter((command) => command !== "storeSum");
type Filled = (typeof FILLED)[number];

/** Payload lengths of all replies that a server can send to a number of entries. */
const REPLIES: Readonly<Record<Filled, (entries: number) => number[]>> = {
  detect: (entries) => [0, Math.ceil(entries / 8)],
  pown: (entries) => [0, Math.ceil(entries / 8)],
  fix: (entries) => [0, Math.ceil(entries / 8)],
  find: (entries) => [0, entries],
  getTicket: (entries) => [0, 4, Math.ceil(entries / 8) + 4],
  detectSum: () => [0],
  pownSum: () => [0],
};
const SIZES = { detect: [18, 21], getTicket: [18, 21], pown: [18, 37], find: [18, 37] } as const;
const SUMS = { detectSum: [34, 5], pownSum: [50, 5], fix: [134, 5] } as const;
const FORMS: Readonly<Record<Filled, readonly [framing: number, entry: number]>> = {
  ...SIZES,
  ...SUMS,
};

const options = { coinId: 6, random: (n: number) => new Uint8Array(n), keyExchangeGroup: 4 };

describe.each([EncryptionType.aes128Coin, EncryptionType.aes128Locker])("under type %i", (type) => {
  it.each(FILLED)("no request of %s with 1 to 200 coins, and no reply to it, has a harmful length", (command) => {
    const [framing, entryBytes] = FORMS[command];
    const harms = (entries: number): boolean =>
      isHarmfulBody(framing + entries * entryBytes) || REPLIES[command](entries).some(isHarmfulPayload);
    const wrong: string[] = [];
    const all = sampleRequest(command, 200) as ReturnType<typeof sampleRequest> & {
      readonly coins: readonly unknown[];
    };
    for (let count = 1; count <= 200; count++) {
      const plain = plainRequestOf({ ...all, coins: all.coins.slice(0, count) } as typeof all, options);
      const extra = extraEntries(plain, type, "c-server")!;
      const body = plain.body(new Uint8Array(12), extra).length;
      if (body !== framing + (count + extra) * entryBytes) wrong.push(`${count} coins are ${body} bytes`);
      if (harms(count + extra)) wrong.push(`${count} and ${extra} coins harm`);
      // There is no superfluous padding.
      const step = framing === 34 || framing === 50 ? 2 : 1;
      for (let less = 0; less < extra; less += step) {
        if (!harms(count + less)) wrong.push(`${count} and ${less} coins would have done`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

it("requests in clear get no padding", () => {
  for (const command of COUNTED) {
    const plain = plainRequestOf(sampleRequest(command, 1), options);
    expect(extraEntries(plain, EncryptionType.clear, "c-server")).toBe(0);
  }
});
