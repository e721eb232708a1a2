import { describe, expect, it } from "vitest";
import { concatBytes, equalBytes } from "../../../../src/bytes/index.js";
import { STATUS_INFO, type RaidaServerOptions } from "../../../../src/protocols/raida/index.js";
import { Random } from "../../../../src/testing/index.js";
import { anOf, bodyOf, changed, nameOf, request, type Bench } from "../harness.js";
import { seal, type Seal } from "../sealed.js";
import { LOCKER_KEY, sealedNode, SEALS } from "../sealed-server.js";

/** Every command that a node serves but audit, which reads 15,000 pages each time. */
const COMMANDS = [
  ...[0, 1, 2].map((command) => [0, command] as const),
  ...[10, 11, 20, 21].map((command) => [1, command] as const),
  ...[40, 50, 60, 80].map((command) => [2, command] as const),
  ...[44, 45].map((command) => [4, command] as const),
  ...[82, 83].map((command) => [8, command] as const),
];
const ANS = Array.from({ length: 25 }, (_, id) => new Uint8Array(16).fill(0x80 + id));
const ZEROS = new Uint8Array(16);
const ONES = new Uint8Array(16).fill(0xff);
const NAMES = [5, 6, 7, 8].map((serial) => nameOf(1, serial));
/** Bytes that come to something more often than others; no coin's number among them. */
const PIECES: readonly Uint8Array[] = [
  ...NAMES,
  nameOf(-3, 2_000),
  nameOf(1, 900_000),
  nameOf(7, 0xffffffff),
  new Uint8Array(1),
  new Uint8Array(100),
  ZEROS,
  ONES,
  Uint8Array.of(0, 6, 0, 1, 0),
];

/** Sends commands with payloads that he has made up. He knows a locker and two coins, and encrypts under them. */
class Stranger {
  readonly #random: Random;

  constructor(name: string) {
    this.#random = new Random(1, name);
  }

  request(): Uint8Array {
    const random = this.#random;
    const [group, command] = random.pick(COMMANDS);
    const how = random.pick<Seal | undefined>([undefined, SEALS[1], SEALS[2], SEALS[4], SEALS[5]]);
    const payload = random.chance(0.5) ? this.#names() : this.#anything();
    const bytes = how === undefined ? request(group, command, bodyOf(payload)) : seal(how, group, command, payload);
    return random.chance(0.9) ? bytes : changed(bytes, { [random.below(bytes.length)]: random.below(256) });
  }

  /** Some coins, and what could be a sum, a difference or a key. */
  #names(): Uint8Array {
    const random = this.#random;
    const names = Array.from({ length: random.between(1, 4) }, () => random.pick(NAMES));
    return concatBytes(...names, random.pick([ZEROS, ONES]), random.pick([ZEROS, ONES, new Uint8Array(0)]));
  }

  #anything(): Uint8Array {
    const random = this.#random;
    const piece = (): Uint8Array => (random.chance(0.75) ? random.pick(PIECES) : random.bytes(random.below(40)));
    return concatBytes(...Array.from({ length: random.below(8) }, piece));
  }
}

/** Sends by either transport; whoever the node asks refuses. */
function send(bench: Bench, bytes: Uint8Array, byDatagram: boolean): Uint8Array | undefined {
  const asked = bench.connects.length;
  const before = bench.datagrams.length;
  const link = byDatagram ? undefined : bench.send(bytes);
  if (link === undefined) bench.sendDatagram(bytes);
  for (const { link: peer } of bench.connects.slice(asked)) bench.step({ type: "closed", link: peer });
  if (link === undefined) return bench.datagrams[before]?.bytes;
  // A header that announces more than has come is waited for.
  bench.step({ type: "ended", link });
  return bench.written.get(link);
}

describe.each<[string, Partial<RaidaServerOptions>]>([
  ["strict", {}],
  ["strict, natural", { type45Layout: "natural" }],
  ["reference", { profile: "reference", type45Layout: "natural" }],
])("whatever a stranger sends, %s", (name, options) => {
  it("has one answer of its length at most, leaves nothing open, and changes no coin of others", () => {
    const stranger = new Stranger(name);
    const bench = sealedNode({ keyCoins: [{ denomination: -3, serial: 2_000, ans: ANS }], ...options });
    // A second coin in the locker.
    bench.put(1, 8, LOCKER_KEY);
    const statuses = new Map<number, number>();
    for (let i = 0; i < 1_500; i++) {
      const reply = send(bench, stranger.request(), i % 3 === 0);
      if (reply === undefined) continue;
      const length = (reply[9]! << 16) | (reply[10]! << 8) | reply[11]!;
      expect([32 + length, 48 + length]).toContain(reply.length);
      expect(STATUS_INFO[reply[2]!]).toBeDefined();
      statuses.set(reply[2]!, (statuses.get(reply[2]!) ?? 0) + 1);
      expect([...bench.open]).toEqual([]);
      // Reference takes sums in which numbers cancel out.
      if (options.profile === "reference") continue;
      for (const serial of [5, 6]) expect(equalBytes(bench.kept(1, serial).an, anOf(1, serial))).toBe(true);
    }
    // He gets as far as the commands themselves.
    for (const status of [16, 39, 40, 242, 250]) expect(statuses.get(status) ?? 0).toBeGreaterThan(10);
  });
});
