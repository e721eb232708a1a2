/** What is fuzzed of the store. */
import {
  formatIntent,
  formatRecord,
  makeRecord,
  parseIntent,
  parseRecord,
} from "../../../src/protocols/store/index.js";
import { reading, textOf, utf8, type Decoder } from "../../fuzz/decoder.js";

const facts = {
  fileHash: new Uint8Array(32).fill(9),
  totalSize: 5n,
  fileName: "ä.bin",
  modifiedNs: 1_700_000_000_000_000_000n,
  permissions: 0o644,
  ttlSeconds: 60n,
  chunkSize: 4,
};
const chunks = [4, 1].map((size) => ({ size, dataHash: new Uint8Array(32).fill(size) }));
const contentSizes = { minBytes: 1, avgBytes: 64, maxBytes: 64 };
/** Without most of the long arrays, which may be missing: changes hit what is between them. */
const short = (text: string): string => text.replaceAll(/^ *(?:signature|key|parent) = .*\n/gm, "");
const RECORD = short(formatRecord(makeRecord(facts, chunks.slice(0, 1), "s")));
const CONTENT_RECORD = short(formatRecord(makeRecord({ ...facts, contentSizes }, chunks.slice(0, 1), "s")));

export const decoders: readonly Decoder[] = [
  {
    name: "a record",
    codec: { decode: (bytes) => parseRecord(bytes), encode: (value) => utf8(formatRecord(value as never)) },
    seeds: [utf8(RECORD), utf8(CONTENT_RECORD)],
  },
  {
    name: "an intent",
    codec: reading((bytes) => parseIntent(textOf(bytes))),
    seeds: [
      utf8(
        formatIntent({
          fileHash: new Uint8Array(32),
          fileName: "a",
          totalBlocks: 3,
          blockSize: 4,
          startedAtNs: 5n,
        } as never),
      ),
      utf8(
        formatIntent({
          fileHash: new Uint8Array(32),
          fileName: "a",
          totalBlocks: 2,
          blockSize: 4,
          startedAtNs: 5n,
          chunkKeys: ["0".repeat(40), "1".repeat(40)],
        }),
      ),
    ],
  },
];
