/** Codecs of the specs in examples/specs/, emitted and loaded as a user's build would, and rivals made of the same. */
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import KaitaiStream from "kaitai-struct/KaitaiStream.js";
import { emitTypeScript } from "specwire/gen";
import { compileFile } from "specwire/gen/node";
import { refuse } from "../../lib/cell.mjs";
import { compileKaitai } from "../kaitai.mjs";

const FOLDER = "examples/specs";

/** @param {string} id of a spec @returns the functions of its emitted codecs */
export async function loadCodecs(id) {
  const [{ module, source }] = compileFile(fileURLToPath(new URL(`../../../${FOLDER}/${id}.ksy`, import.meta.url)), []);
  // The runtime is the module that every other cell takes, so its functions have seen other formats, as in a program.
  const runtime = import.meta.resolve("specwire/codec");
  const text = emitTypeScript(module, { runtime, moduleFile: (other) => `./${other}.js`, source });
  const { code } = await transform(text, { loader: "ts" });
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}

/**
 * A reader of Kaitai's own compiler. It goes by the whole memory of its bytes, so each message has one of its own.
 * @param {string} id of a spec
 * @param {string} name of its class
 * @param {(value: any, bytes: Uint8Array) => void} [check] refuses what such a reader leaves to its caller
 */
export async function kaitaiReader(id, name, check = () => {}) {
  const { [name]: Reader } = await compileKaitai(id, FOLDER);
  return (bytes) => {
    const stream = new KaitaiStream(bytes.buffer, bytes.byteOffset);
    const value = new Reader(stream);
    if (!stream.isEof()) refuse("no bytes behind");
    check(value, bytes);
    return value;
  };
}

/**
 * Candidates of a cell: ours and two rivals.
 * @param {Uint8Array[]} wires
 * @param {Record<string, (bytes: Uint8Array) => unknown>} decoders ours first
 */
export function decodersOf(wires, decoders) {
  return Object.entries(decoders).map(([name, decode], i) => ({
    name,
    ours: i === 0,
    run: (k) => decode(wires[k]),
    once: (bytes) => decode(bytes),
  }));
}

/**
 * A `consume` that reads byte fields with a function of its own. All candidates do that same work, and in files of
 * packets it is most of what there is to do: eight bytes at a time, so that it hides the rest the least.
 * @param {(ofBytes: (bytes: Uint8Array) => number) => (result: any) => number} make without outer names
 */
export function consumeWith(make) {
  const consume = make(ofBytes);
  // Each candidate compiles it from its source, which is both functions.
  consume.toString = () => `(${make})(${ofBytes})`;
  return consume;
}

function ofBytes(bytes) {
  let bits = 0;
  let i = 0;
  for (const last = bytes.length - 8; i <= last; i += 8) {
    bits ^= bytes[i] ^ bytes[i + 1] ^ bytes[i + 2] ^ bytes[i + 3];
    bits ^= bytes[i + 4] ^ bytes[i + 5] ^ bytes[i + 6] ^ bytes[i + 7];
  }
  for (; i < bytes.length; i++) bits ^= bytes[i];
  return bits;
}

/** A copy of bytes with one of them changed. */
export function withByte(bytes, at, value) {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
}

/** What messages of any format are refused for: an end that comes too early, and bytes behind it. */
export function badEnds(bytes) {
  return {
    "no bytes": new Uint8Array(0),
    "a byte too few": bytes.slice(0, -1),
    "a byte too many": Uint8Array.from([...bytes, 0]),
  };
}
