/** Tests of fix: votes of peers, quorum and new ANs. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import {
  decodeMixedReply,
  decodeRequestHeaderLegacy,
  decodeValidateTicketRequest,
  encodeFixRequest,
  encodeResponseHeaderLegacy,
  encodeValidateTicketReply,
  RESPONSE_HEADER_LEGACY_DEFAULTS,
  Status,
  type CoinId,
} from "../../../../src/protocols/raida/index.js";
import { anOf, Harness, CHALLENGE, request, type Reply } from "../harness.js";
import { FIX } from "../commands.js";

const PG = Uint8Array.from({ length: 16 }, (_, i) => 0x50 + i);
const COIN: CoinId = { denomination: -2, serial: 4_097 };

/** RAIDA id | DN | SN | PG, as the C server hashes it. */
function newNumber(raidaId: number, { denomination, serial }: CoinId, hash: "md5" | "sha256" = "md5"): Uint8Array {
  const text = Buffer.alloc(22);
  text.writeUInt8(raidaId, 0);
  text.writeInt8(denomination, 1);
  text.writeUInt32BE(serial, 2);
  text.set(PG, 6);
  return new Uint8Array(createHash(hash).update(text).digest().subarray(0, 16));
}

type Peer =
  | "vouches"
  | "names others"
  | "refuses"
  | "unreachable"
  | "silent"
  | "resets"
  | "lies about itself"
  | "wrong challenge"
  | "wrong checksum"
  | "garbage"
  | "thirteen times"
  | "huge";

class Fixing {
  readonly harness: Harness;
  readonly link: number;

  constructor(
    coins: readonly CoinId[],
    tickets: readonly number[],
    options: ConstructorParameters<typeof Harness>[0] = {},
  ) {
    this.harness = new Harness(options);
    for (const { denomination, serial } of coins) this.harness.put(denomination, serial);
    const body = encodeFixRequest({ challenge: CHALLENGE, coins: [...coins], panGenerator: PG, tickets: [...tickets] });
    this.link = this.harness.send(request(...FIX, body));
  }

  get asked(): number[] {
    return this.harness.connects.map(({ peer }) => Number(peer.slice(5)));
  }

  get reply(): Reply | undefined {
    return this.harness.reply(this.link);
  }

  /** Lets a peer behave, once the server has connected to it. */
  behave(id: number, how: Peer, coins: readonly CoinId[] = [COIN]): void {
    const { harness } = this;
    const { link } = harness.connects.find(({ peer }) => peer === `peer:${id}`)!;
    if (how === "unreachable") return harness.step({ type: "closed", link });
    harness.step({ type: "opened", link, peer: `peer:${id}` });
    if (how === "silent") return;
    const sent = harness.written.get(link)!;
    const { raidaId, commandGroup, command, bodyLength } = decodeRequestHeaderLegacy(sent, 0, 32);
    const { challenge, claimerId, ticket } = decodeValidateTicketRequest(sent, 32);
    const asked = [sent.length, raidaId, commandGroup, command, bodyLength, claimerId, ticket].join();
    if (asked !== [55, id, 2, 50, 23, 3, 1_000 + id].join()) throw new Error(`the peer was asked ${asked}`);
    const listed =
      how === "names others"
        ? [{ denomination: 1, serial: 1 }]
        : how === "thirteen times"
          ? Array.from({ length: 13 }, () => coins[0]!)
          : [...coins];
    const body = how === "refuses" ? new Uint8Array(0) : encodeValidateTicketReply({ coins: listed });
    const hash = concatBytes(challenge, sent.subarray(44, 48));
    if (how === "wrong challenge") hash[0]! ^= 1;
    if (how === "wrong checksum") hash[15]! ^= 1;
    const header = encodeResponseHeaderLegacy({
      ...RESPONSE_HEADER_LEGACY_DEFAULTS,
      raidaId: how === "lies about itself" ? (id + 1) % 25 : id,
      status: how === "refuses" ? Status.errorNoTicketFound : Status.success,
      commandGroup: 2,
      echo: 0,
      bodyLength: how === "huge" ? 0xffffff : body.length,
      executionTimeUs: 5,
      challengeHash: hash,
    });
    const bytes = how === "garbage" ? new Uint8Array(40).fill(0x3e) : concatBytes(header, body);
    const cut = how === "resets" ? 20 : 33;
    harness.step({ type: "bytes", link, bytes: bytes.slice(0, cut) });
    if (how === "resets") harness.step({ type: "closed", link, error: { code: "closed", format: "tcp", path: "" } });
    else harness.step({ type: "bytes", link, bytes: bytes.slice(cut) });
  }

  passTime(): void {
    while (this.harness.machine.nextWakeMs() < Infinity && this.reply === undefined) {
      this.harness.nowMs = this.harness.machine.nextWakeMs();
      this.harness.step({ type: "wake" });
    }
  }
}

/** A ticket from every server but the one that fixes. */
const TICKETS = Array.from({ length: 25 }, (_, id) => (id === 3 ? 0 : 1_000 + id));
const OTHERS = Array.from({ length: 25 }, (_, id) => id).filter((id) => id !== 3);

describe("fix", () => {
  it("asks all peers at once, and sets the AN that follows from the PG", () => {
    const fixing = new Fixing([COIN], TICKETS);
    expect(fixing.asked).toEqual(OTHERS);
    for (const id of OTHERS) fixing.behave(id, "vouches");
    expect(fixing.reply!.header).toMatchObject({ status: Status.allPass, bodyLength: 0 });
    expect(fixing.harness.kept(-2, 4_097)).toEqual({ an: newNumber(3, COIN), mfs: 45 });
    expect(fixing.harness.shut.size).toBe(25);
  });

  it.each([
    [13, Status.allPass],
    [12, Status.allFail],
  ])("with %i others answers %i", (others, status) => {
    const fixing = new Fixing([COIN], TICKETS);
    for (const [i, id] of OTHERS.entries()) fixing.behave(id, i < others ? "vouches" : "refuses");
    expect(fixing.reply!.header.status).toBe(status);
    expect(fixing.harness.kept(-2, 4_097).an).toEqual(others === 13 ? newNumber(3, COIN) : anOf(-2, 4_097));
  });

  it("never asks itself, and asks without a ticket in reference alone", () => {
    const own = TICKETS.map((ticket, id) => (id === 3 ? 77 : id < 10 ? 0 : ticket));
    expect(new Fixing([COIN], own).asked).toEqual(OTHERS.filter((id) => id >= 10));
    expect(new Fixing([COIN], own, { profile: "reference" }).asked).toEqual(OTHERS);
  });

  it("answers at once when there is no ticket at all", () => {
    expect(new Fixing([COIN], new Array<number>(25).fill(0)).reply!.header.status).toBe(Status.allFail);
  });

  it.each<Peer>([
    "names others",
    "refuses",
    "unreachable",
    "silent",
    "resets",
    "lies about itself",
    "wrong challenge",
    "wrong checksum",
    "garbage",
    "huge",
  ])("ignores the vote of a byzantine peer: %s", (how) => {
    for (const [good, status] of [
      [13, Status.allPass],
      [12, Status.allFail],
    ] as const) {
      const fixing = new Fixing([COIN], TICKETS);
      for (const [i, id] of OTHERS.entries()) fixing.behave(id, i < good ? "vouches" : how);
      fixing.passTime();
      expect(fixing.reply!.header.status).toBe(status);
      expect(fixing.harness.nowMs).toBeLessThanOrEqual(33_000);
    }
  });

  it("counts a peer once, however often it lists a coin", () => {
    const fixing = new Fixing([COIN], TICKETS);
    for (const [i, id] of OTHERS.entries()) fixing.behave(id, i === 0 ? "thirteen times" : "refuses");
    expect(fixing.reply!.header.status).toBe(Status.allFail);
  });

  it("fixes some of several coins, and a coin that is listed twice once", () => {
    const others: CoinId[] = [COIN, { denomination: 1, serial: 5 }, COIN];
    const fixing = new Fixing(others, TICKETS);
    for (const [i, id] of OTHERS.entries()) fixing.behave(id, "vouches", i < 20 ? [COIN] : [others[1]!]);
    expect(fixing.reply!.header.status).toBe(Status.mixed);
    expect(decodeMixedReply(fixing.reply!.body, 3).passed).toEqual([true, false, false]);
    expect(fixing.harness.kept(1, 5).an).toEqual(anOf(1, 5));
  });

  it("refuses unknown pages before it asks any peer", () => {
    const harness = new Harness();
    const body = encodeFixRequest({ challenge: CHALLENGE, coins: [COIN], panGenerator: PG, tickets: TICKETS });
    expect(harness.ask(request(...FIX, body)).header.status).toBe(Status.errorSerialOrDenomination);
    expect(harness.connects).toHaveLength(0);
  });

  it("writes once to a record that two serial numbers share, in reference", () => {
    const twins: CoinId[] = [COIN, { ...COIN, serial: COIN.serial + 2 ** 26 }];
    const fixing = new Fixing(twins, TICKETS, { profile: "reference" });
    for (const id of OTHERS) fixing.behave(id, "vouches", twins);
    expect(fixing.harness.stores).toEqual([1]);
    expect(fixing.reply!.header.status).toBe(Status.allPass);
    expect(fixing.harness.kept(-2, 4_097).an).toEqual(newNumber(3, twins[1]!));
  });

  it("opens one connection at a time to a C server, and to a specwire server one for each fix", () => {
    const twice = (kinds?: "specwire"): Harness => {
      const { harness } = new Fixing([COIN], TICKETS, kinds && { kinds });
      const other = { challenge: CHALLENGE, coins: [COIN], panGenerator: PG, tickets: TICKETS };
      harness.send(request(...FIX, encodeFixRequest(other)));
      return harness;
    };
    expect(twice("specwire").connects).toHaveLength(48);
    const harness = twice();
    expect(harness.connects).toHaveLength(24);
    // The next check connects when the one before it is over, however it ends.
    for (const { link } of harness.connects.slice(0, 5)) harness.step({ type: "closed", link });
    expect(harness.connects.slice(24).map(({ peer }) => peer)).toEqual([
      "peer:0",
      "peer:1",
      "peer:2",
      "peer:4",
      "peer:5",
    ]);
    while (harness.machine.nextWakeMs() < Infinity) {
      harness.nowMs = harness.machine.nextWakeMs();
      harness.step({ type: "wake" });
    }
    expect(harness.nowMs).toBe(33_000);
    expect([1, 2].map((link) => harness.reply(link)!.header.status)).toEqual([Status.allFail, Status.allFail]);
    expect(harness.open.size).toBe(0);
  });

  it("opens empty connections to a C server that does not answer, and to no other", () => {
    for (const [kinds, times] of [
      ["c-server", [4_000, 7_000, 13_000, 33_000]],
      ["specwire", [33_000]],
    ] as const) {
      const fixing = new Fixing([COIN], TICKETS, { kinds });
      for (const id of OTHERS) fixing.behave(id, id === 7 ? "silent" : "refuses");
      const { harness } = fixing;
      for (const atMs of times) {
        expect(harness.machine.nextWakeMs()).toBe(atMs);
        harness.nowMs = atMs;
        harness.step({ type: "wake" });
        const { link, peer } = harness.connects.at(-1)!;
        if (atMs < 33_000) {
          harness.step({ type: "opened", link, peer });
          expect([peer, harness.shut.has(link), harness.written.has(link)]).toEqual(["peer:7", true, false]);
        }
      }
      expect(fixing.reply!.header.status).toBe(Status.allFail);
      expect(harness.open.size).toBe(0);
    }
  });

  it("uses SHA-256 with the option panHash", () => {
    const fixing = new Fixing([COIN], TICKETS, { panHash: "sha256" });
    for (const id of OTHERS) fixing.behave(id, "vouches");
    expect(fixing.harness.kept(-2, 4_097)).toEqual({ an: newNumber(3, COIN, "sha256"), mfs: 45 });
  });

  it("uses the option threshold", () => {
    const fixing = new Fixing([COIN], TICKETS, { threshold: 3 });
    for (const [i, id] of OTHERS.entries()) fixing.behave(id, i < 2 ? "vouches" : "unreachable");
    expect(fixing.reply!.header.status).toBe(Status.allPass);
  });
});
