/** What is fuzzed of the store. */
import { formatIntent, formatRecord, parseIntent, parseRecord } from "../../../src/protocols/store/index.js";
import { reading, textOf, utf8, type Decoder } from "../../fuzz/decoder.js";

const RECORD = formatRecord({
  metadata: {
    fileHash: new Uint8Array(32).fill(9),
    totalSize: 5n,
    fileName: "ä.bin",
    modifiedNs: 1_700_000_000_000_000_000n,
    permissions: 0o644,
    signature: new Uint8Array(),
    ttlSeconds: 60n,
    chunkSize: 4,
    totalChunks: 2,
  },
  references: [],
});

export const decoders: readonly Decoder[] = [
  {
    name: "a record",
    codec: { decode: (bytes) => parseRecord(bytes), encode: (value) => utf8(formatRecord(value as never)) },
    seeds: [utf8(RECORD)],
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
    ],
  },
];
