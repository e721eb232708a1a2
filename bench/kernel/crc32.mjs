/** CRC-32 of messages that are copied into the kernel, and of one in an arena. */
import { crc32 as zlibCrc32 } from "node:zlib";
import { createCRC32 } from "hash-wasm";
import { crc32, Crc32Arena } from "specwire/kernel";
import { INPUTS } from "../lib/cell.mjs";
import { makeRandom } from "../lib/random.mjs";

const KB = 1024;
const MB = 1024 * KB;
/** Inputs are slices of it, each beginning one byte after the one before. */
const bytes = makeRandom().bytes(MB + INPUTS);

export async function crc32Cells() {
  const hashWasm = await createCRC32();
  const byHashWasm = (message) => {
    const digest = hashWasm.init().update(message).digest("binary");
    return ((digest[0] << 24) | (digest[1] << 16) | (digest[2] << 8) | digest[3]) >>> 0;
  };
  const candidates = (inputs) => [
    { ...candidate("crc32", crc32, inputs), ours: true },
    candidate("zlib.crc32", zlibCrc32, inputs),
    candidate("hash-wasm", byHashWasm, inputs),
  ];
  const messages = (length) => Array.from({ length: INPUTS }, (_, i) => bytes.subarray(i, i + length));
  return [
    ...[
      ["CRC-32, 64 B", 64],
      ["CRC-32, 1 KB", KB],
      ["CRC-32, 64 KB", 64 * KB],
      ["CRC-32, 1 MB", MB],
    ].map(([name, length]) => ({
      ...common,
      name,
      inputs: messages(length),
      candidates: candidates(messages(length)),
    })),
    arenaCell(),
  ];
}

const common = {
  consume: (crc) => crc,
  plain: (crc) => crc,
  bad: { "an array": [1, 2, 3], "a number": 7, nothing: undefined },
};

/** Inputs are lengths: the bytes of an arena stay there. */
function arenaCell() {
  const arena = new Crc32Arena(MB);
  arena.bytes.set(bytes.subarray(0, MB));
  const inputs = Array.from({ length: INPUTS }, (_, i) => MB - i);
  const byZlib = (length) => {
    if (!Number.isInteger(length) || length < 0 || length > MB) throw new RangeError("a length");
    return zlibCrc32(bytes.subarray(0, length));
  };
  return {
    ...common,
    name: "CRC-32, 1 MB, arena",
    inputs,
    bad: { "a length beyond it": MB + 1, "a negative length": -1, "half a byte": 0.5 },
    candidates: [
      { ...candidate("Crc32Arena", (length) => arena.crc32(length), inputs), ours: true },
      candidate("zlib.crc32", byZlib, inputs),
    ],
  };
}

function candidate(name, once, inputs) {
  return { name, once, run: (i) => once(inputs[i]) };
}
