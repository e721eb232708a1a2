/** Random test: no request of a stranger breaks the server or changes a coin. */
import { describe, expect, it } from "vitest";
import { concatBytes, equalBytes } from "../../../../src/bytes/index.js";
import { STATUS_INFO, type RaidaServerOptions } from "../../../../src/protocols/raida/index.js";
import {
  DETECT,
  DETECT_SUM,
  ECHO,
  FIND,
  FIX,
  FIX_ENCRYPTION,
  GET_ENCRYPTION_TICKET,
  GET_TICKET,
  PEEK,
  POWN,
  POWN_SUM,
  SHOW_STATS,
  STORE_SUM,
  VALIDATE_TICKET,
  VERSION,
} from "../commands.js";
import { Random } from "../../../../src/testing/index.js";
import { anOf, bodyOf, changed, nameOf, request, type Harness } from "../harness.js";
import { seal, type Seal } from "../node-crypto.js";
import { LOCKER_KEY, encryptedHarness, SEALS } from "../encrypted-harness.js";
import { Status } from "../../../../src/protocols/raida/index.js";

/** Every command of a server except audit, which reads 15,000 pages each time. */
const COMMANDS = [
  ECHO,
  VERSION,
  SHOW_STATS,
  DETECT,
  DETECT_SUM,
  POWN,
  POWN_SUM,
  GET_TICKET,
  VALIDATE_TICKET,
  FIND,
  FIX,
  GET_ENCRYPTION_TICKET,
  FIX_ENCRYPTION,
  STORE_SUM,
  PEEK,
];
const ANS = Array.from({ length: 25 }, (_, id) => new Uint8Array(16).fill(0x80 + id));
const ZEROS = new Uint8Array(16);
const ONES = new Uint8Array(16).fill(0xff);
const NAMES = [5, 6, 7, 8].map((serial) => nameOf(1, serial));
/** Bytes that often form valid requests; no AN of a coin is among them. */
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

/** Sends commands with random payloads, encrypted under a locker and two coins that he knows. */
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

/** Sends by either transport; all peers of the server refuse. */
function send(harness: Harness, bytes: Uint8Array, byDatagram: boolean): Uint8Array | undefined {
  const asked = harness.connects.length;
  const before = harness.datagrams.length;
  const link = byDatagram ? undefined : harness.send(bytes);
  if (link === undefined) harness.sendDatagram(bytes);
  for (const { link: peer } of harness.connects.slice(asked)) harness.step({ type: "closed", link: peer });
  if (link === undefined) return harness.datagrams[before]?.bytes;
  // A header that announces more than has come is waited for.
  harness.step({ type: "ended", link });
  return harness.written.get(link);
}

describe.each<[string, Partial<RaidaServerOptions>]>([
  ["strict", {}],
  ["strict, natural", { type45Layout: "natural" }],
  ["reference", { profile: "reference", type45Layout: "natural" }],
])("whatever a stranger sends, %s", (name, options) => {
  it("has one answer of its length at most, leaves nothing open, and changes no coin of others", () => {
    const stranger = new Stranger(name);
    const harness = encryptedHarness({ keyCoins: [{ denomination: -3, serial: 2_000, ans: ANS }], ...options });
    // A second coin in the locker.
    harness.put(1, 8, LOCKER_KEY);
    const statuses = new Map<number, number>();
    for (let i = 0; i < 1_500; i++) {
      const reply = send(harness, stranger.request(), i % 3 === 0);
      if (reply === undefined) continue;
      const length = (reply[9]! << 16) | (reply[10]! << 8) | reply[11]!;
      expect([32 + length, 48 + length]).toContain(reply.length);
      expect(STATUS_INFO[reply[2]!]).toBeDefined();
      statuses.set(reply[2]!, (statuses.get(reply[2]!) ?? 0) + 1);
      expect([...harness.open]).toEqual([]);
      // Reference takes sums in which numbers cancel out.
      if (options.profile === "reference") continue;
      for (const serial of [5, 6]) expect(equalBytes(harness.kept(1, serial).an, anOf(1, serial))).toBe(true);
    }
    // He gets as far as the commands themselves.
    for (const status of [
      Status.errorPacketLength,
      Status.errorCoinsNotDivisible,
      Status.errorSerialOrDenomination,
      Status.allFail,
      Status.success,
    ])
      expect(statuses.get(status) ?? 0).toBeGreaterThan(10);
  });
});
