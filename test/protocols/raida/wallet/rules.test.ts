/** The rules of a wallet and its journal. */
import { describe, expect, it } from "vitest";
import type { WireErrorCode, WireIssue } from "../../../../src/errors.js";
import {
  FindResult,
  folderOf,
  SETTLED_AFTER_MS,
  type WalletCoin,
  type WalletFolder,
} from "../../../../src/protocols/raida/index.js";
import { statusError } from "../../../../src/protocols/raida/protocol.js";
import { letterOf, letterOfState, settle, settledCoin } from "../../../../src/protocols/raida/wallet/rules.js";
import {
  checksumOf,
  decodeJournal,
  encodeJournal,
  proposedAnsOf,
  type Journal,
} from "../../../../src/protocols/raida/wallet/journal.js";
import { coinOf, numberOf, SERVERS } from "./cloud.js";

const coin: WalletCoin = { ...coinOf(1, 600), pown: "p".repeat(25) };
const saying = (p: number, f: number): WalletCoin => ({
  ...coin,
  pown: "p".repeat(p) + "f".repeat(f) + "n".repeat(25 - p - f),
});

describe("the folder of a coin", () => {
  it.each<[number, number, WalletFolder, WalletFolder]>([
    [25, 0, "FRACKED", "BANK"],
    [13, 0, "FRACKED", "BANK"],
    [12, 0, "FRACKED", "FRACKED"],
    [12, 0, "BANK", "BANK"],
    [24, 1, "BANK", "FRACKED"],
    [13, 12, "BANK", "FRACKED"],
    [12, 12, "BANK", "BANK"],
    [12, 13, "BANK", "COUNTERFEIT"],
    [0, 13, "FRACKED", "COUNTERFEIT"],
    [0, 0, "BANK", "BANK"],
    [0, 0, "LIMBO", "FRACKED"],
    [13, 0, "LIMBO", "BANK"],
  ])("%i yes and %i no, from %s: %s", (p, f, now, folder) => expect(folderOf(saying(p, f), now)).toBe(folder));

  it("is LIMBO while a server may hold another number", () => {
    const proposedAns = coin.ans.map((an, id) => (id === 24 ? numberOf(1) : an));
    expect(folderOf({ ...coin, proposedAns }, "BANK")).toBe("LIMBO");
    expect(folderOf({ ...coin, proposedAns: coin.ans }, "LIMBO")).toBe("BANK");
  });
});

describe("what a find settles", () => {
  const { an, pan, neither } = FindResult;
  const before = SETTLED_AFTER_MS - 1;
  it.each([
    ["the proposed number, at once", pan, 0, false, "proposed"],
    ["the number, when the change cannot come any more", an, SETTLED_AFTER_MS, false, "number"],
    ["nothing before that", an, before, false, "open"],
    ["the number at once for a fix, which is only sent to servers without it", an, 0, true, "number"],
    ["nothing while a fix may be waiting for its peers", neither, before, true, "open"],
    ["that it is lost, later", neither, SETTLED_AFTER_MS, true, "neither"],
    ["that it is lost, of another change too", neither, SETTLED_AFTER_MS, false, "neither"],
    ["nothing without an answer, ever", undefined, 100 * SETTLED_AFTER_MS, true, "open"],
  ] as const)("%s", (_, result, ageMs, isFix, settlement) => expect(settle(result, ageMs, isFix)).toBe(settlement));

  it("changes the coin only at the servers that were queried", () => {
    const proposedAns = SERVERS.map((id) => numberOf(9, id));
    const {
      ans,
      proposedAns: open,
      pown,
    } = settledCoin({ ...coin, proposedAns }, [
      "proposed",
      "number",
      "neither",
      "open",
      ...new Array<undefined>(21).fill(undefined),
    ]);
    expect(ans).toEqual([proposedAns[0], ...coin.ans.slice(1)]);
    expect(open).toEqual([proposedAns[0], coin.ans[1], coin.ans[2], proposedAns[3], ...coin.ans.slice(4)]);
    expect(pown).toBe(`ppfn${"p".repeat(21)}`);
  });
});

describe("the letter of a server", () => {
  const issue = (code: WireErrorCode): WireIssue => ({ code, format: "raida", path: "", offset: 0 });
  it.each([
    [true, "p"],
    [false, "f"],
    [undefined, "n"],
    [issue("timeout"), "n"],
    [issue("cancelled"), "n"],
    [issue("unreachable"), "d"],
    [issue("closed"), "d"],
    [issue("status"), "e"],
    [statusError(252, 3, 0).toJSON(), "e"],
    // The server has not finished, which is no failure.
    [statusError(150, 3, 0).toJSON(), "n"],
    [statusError(183, 3, 0).toJSON(), "n"],
    [issue("unproven"), "e"],
  ] as const)("%j is the letter %s", (answer, letter) => expect(letterOf(answer)).toBe(letter));

  it("in a healing is p, f or n", () => {
    const states = ["authentic", "healed", "fracked", "noQuorum", "limbo", "unknown"] as const;
    expect(states.map(letterOfState).join("")).toBe("ppffnn");
  });
});

describe("the journal", () => {
  const journal: Journal = {
    kind: "fix",
    startedMs: 1_795_000_000_000,
    panGenerators: SERVERS.map((id) => numberOf(4, id)),
    coins: [coin, coinOf(-8, 1_023_999)].map(({ denomination, serial }) => ({ denomination, serial })),
  };
  const text = new TextDecoder().decode(encodeJournal(journal));
  /** Recomputes the checksum, so that the change is the only fault. */
  const withChecksum = (broken: string): string => {
    try {
      const value = JSON.parse(broken) as Record<string, unknown>;
      return JSON.stringify({ ...value, crc: checksumOf(value) });
    } catch {
      return broken;
    }
  };

  it("is read as it was written", () => expect(decodeJournal(encodeJournal(journal))).toEqual(journal));

  it("is refused after any flipped bit", () => {
    const bytes = encodeJournal(journal);
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = bytes.slice();
        flipped[at]! ^= 1 << bit;
        let outcome: unknown;
        try {
          outcome = decodeJournal(flipped);
        } catch (error) {
          outcome = error;
        }
        // The line feed at the end may become other white space.
        if (at === bytes.length - 1 && outcome instanceof Error === false) expect(outcome).toEqual(journal);
        else expect(outcome, `byte ${at}`).toMatchObject({ code: "storage" });
      }
    }
  });

  it("gives a different number for every server and coin", () => {
    const numbers = proposedAnsOf(journal.panGenerators, journal.coins).flat();
    expect(new Set(numbers.map(String)).size).toBe(50);
    expect(numbers.every(({ length }) => length === 16)).toBe(true);
  });

  it.each([
    ["cut", text.slice(0, 300)],
    ["empty", ""],
    ["null", "null"],
    ["of another version", text.replace('"version":2', '"version":1')],
    ["of another kind", text.replace('"fix"', '"fax"')],
    ["without a time", text.replace(/"startedMs":\d+/, '"startedMs":"now"')],
    ["of 24 generators", text.replace(/"[0-9a-f]{32}",/, "")],
    ["of a short generator", text.replace(/"[0-9a-f]{2}/, '"')],
    ["of a generator that is no hex", text.replace(/"[0-9a-f]{2}(?=[0-9a-f]{30})/, '"zz')],
    ["of a coin without a serial", text.replace("[1,600]", "[1]")],
  ])("is refused, and not shown: %s", (_, broken) => {
    expect(broken).not.toBe(text);
    expect(() => decodeJournal(new TextEncoder().encode(withChecksum(broken)))).toThrow(
      expect.objectContaining({ code: "storage", message: expect.not.stringMatching(/[0-9a-f]{8}/) }),
    );
  });
});
