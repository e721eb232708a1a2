/** What is fuzzed of RAIDA. */
import { readCoinFile, writeCoinFile } from "../../../src/protocols/raida/wallet/coin-file.js";
import { decodeJournal, encodeJournal } from "../../../src/protocols/raida/wallet/journal.js";
import type { Decoder } from "../../fuzz/decoder.js";

const COIN = {
  denomination: 1,
  serial: 7,
  ans: Array.from({ length: 25 }, () => new Uint8Array(16).fill(3)),
  pown: "p".repeat(25),
};

export const decoders: readonly Decoder[] = [
  {
    name: "a coin file",
    codec: { decode: (bytes) => readCoinFile("1.a.b.7.bin", bytes) },
    seeds: [writeCoinFile(COIN), writeCoinFile({ ...COIN, proposedAns: COIN.ans.map(() => new Uint8Array(16)) })],
  },
  {
    name: "a journal",
    codec: { decode: decodeJournal, encode: (value) => encodeJournal(value) },
    seeds: [encodeJournal({ kind: "pown", startedMs: 5, panGenerators: COIN.ans, coins: [COIN] })],
  },
];
