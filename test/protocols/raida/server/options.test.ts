/** Tests of the options of a server. */
import { describe, expect, it } from "vitest";
import { isWireError } from "../../../../src/errors.js";
import { RaidaServer, type RaidaServerOptions } from "../../../../src/protocols/raida/index.js";
import { Harness, bodyOf, nameOf, request } from "../harness.js";
import { FIX } from "../commands.js";
import { Status } from "../../../../src/protocols/raida/index.js";

const ENV = { random: (n: number) => new Uint8Array(n), unixNs: () => 0n };
const PEERS: readonly string[] = Array.from({ length: 25 }, (_, id) => `peer:${id}`);
const ANS = Array.from({ length: 25 }, () => new Uint8Array(16));

/** The option that is refused; undefined where none is. */
function refused(options: Readonly<Record<string, unknown>>): string | undefined {
  try {
    void new RaidaServer({ raidaId: 3, peers: PEERS, ...options } as RaidaServerOptions, ENV);
    return undefined;
  } catch (error) {
    if (!isWireError(error) || error.code !== "argument") throw error;
    return error.path;
  }
}

describe("options of a server", () => {
  it.each<[keyof RaidaServerOptions, readonly unknown[], readonly unknown[]]>([
    ["raidaId", [0, 24], [-1, 25, 3.5, NaN]],
    ["peers", [PEERS], [[], PEERS.slice(1), [...PEERS, "peer:25"]]],
    ["profile", ["strict", "reference"], ["Strict", ""]],
    ["coinId", [0, 6, 0xffff], [-1, 0x10000, 1.5]],
    ["version", ["20261121", "release1"], ["", "2026", "202611210", "2026112\n", "2026112é"]],
    ["ticketSlots", [0, 1, 65_536], [-1, 65_537, NaN, Infinity]],
    ["ticketsPerPrefixMax", [1, 64, 65_536], [0, 65_537, NaN, Infinity]],
    ["ticketLifeMs", [0, 0.5, Infinity], [-1, NaN]],
    ["peerTimeoutMs", [0, 32_000], [-1, NaN]],
    ["kinds", ["c-server", "specwire", [], ["c-server"]], ["c", "", ["python"], Array<string>(26).fill("specwire")]],
    ["fixesMax", [1, 16, 1_024], [0, 1_025, 1.5, NaN, Infinity]],
    ["fixesPerPrefixMax", [1, 4, 1_024], [0, 1_025, NaN]],
    ["threshold", [1, 14, 25], [0, 26, 13.5]],
    ["panHash", ["md5", "sha256"], ["sha1", ""]],
    ["keyExchangeGroup", [0, 2, 15], [-1, 16, NaN]],
    ["type45Layout", ["c-server", "natural"], ["c", ""]],
    ["replyCounter", ["restart", "continue"], ["auto"]],
    ["counterBits", [32, 128], [0, 64]],
    ["adminKey", [new Uint8Array(16)], [new Uint8Array(0), new Uint8Array(15), new Uint8Array(17)]],
    ["auditReply", ["table", "total"], ["both"]],
    ["datagramBytesMax", [0, 1_440, 65_507], [-1, 65_508, NaN]],
    [
      "keyCoins",
      [[], [{ denomination: 1, serial: 5, ans: ANS }]],
      [
        [{ denomination: 1, serial: 5, ans: ANS.slice(1) }],
        [{ denomination: 1, serial: 5, ans: [...ANS, new Uint8Array(16)] }],
        [{ denomination: 1, serial: 5, ans: ANS.map((an, id) => (id === 7 ? an.subarray(1) : an)) }],
        [
          { denomination: 1, serial: 5, ans: ANS },
          { denomination: 1, serial: 6, ans: [] },
        ],
      ],
    ],
  ])("%s", (name, good, bad) => {
    for (const value of good) expect([value, refused({ [name]: value })]).toEqual([value, undefined]);
    for (const value of bad) expect([value, refused({ [name]: value })]).toEqual([value, name]);
  });

  it("say in an error which they are, and never what a secret is", () => {
    try {
      void new RaidaServer({ raidaId: 3, peers: PEERS, adminKey: new Uint8Array(15).fill(0xab) }, ENV);
    } catch (error) {
      expect(String(error)).toContain("adminKey");
      expect(String(error)).not.toMatch(/ab.?ab|171/i);
    }
    expect.assertions(2);
  });
});

describe("a fix that cannot succeed", () => {
  const fix = (tickets: number): Uint8Array => {
    const slots = new Uint8Array(100);
    // Of the servers from 4 on, which are not the one that is asked.
    for (let id = 4; id < 4 + tickets; id++) slots[4 * id] = 1;
    return request(...FIX, bodyOf(nameOf(1, 5), new Uint8Array(16), slots));
  };
  const asks = (tickets: number, options: Partial<RaidaServerOptions> = {}): number => {
    const harness = new Harness(options);
    harness.put(1, 5);
    const link = harness.send(fix(tickets));
    expect(harness.reply(link)?.header.status).toBe(harness.connects.length === 0 ? Status.allFail : undefined);
    return harness.connects.length;
  };

  it("asks no peer in strict, so that no ticket is spent", () => {
    expect([0, 1, 12, 13, 20].map((tickets) => asks(tickets))).toEqual([0, 0, 0, 13, 20]);
    expect([0, 4, 5].map((tickets) => asks(tickets, { threshold: 6 }))).toEqual([0, 0, 5]);
  });

  it("does not count the ticket of the server itself", () => {
    const own = fix(12);
    own[32 + 16 + 5 + 16 + 4 * 3] = 1;
    const harness = new Harness();
    harness.put(1, 5);
    expect(harness.ask(own).header.status).toBe(Status.allFail);
    expect(harness.connects).toHaveLength(0);
  });

  it("asks all peers in reference, like the C server", () => {
    expect(asks(0, { profile: "reference" })).toBe(24);
  });
});
