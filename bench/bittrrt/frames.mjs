/**
 * Sealed frames with a held key: nonce 12 | ChaCha20-Poly1305( header 20 | plaintext ) | tag 16. Sizes are those of the
 * plaintext. All candidates get the same nonces, so that they make the same datagrams.
 */
import { FrameKey } from "specwire/bittrrt";
import { INPUTS } from "../lib/cell.mjs";
import { makeRandom } from "../lib/random.mjs";
import { asChacha20Poly1305 } from "../rivals/optional.mjs";
import { HEADER_BYTES, insideOf, NONCE_BYTES, PLAINTEXT_BYTES_MAX } from "./layout.mjs";
import { handWritten, assemblyScript, noble, nodeBuffers } from "./rivals.mjs";

const random = makeRandom();
const bytes = random.bytes(32);

const CANDIDATES = {
  FrameKey: ours(),
  "node, KeyObject": nodeBuffers(bytes),
  noble: noble(bytes),
  "good hand-written": handWritten(bytes),
  ...(asChacha20Poly1305 !== undefined && { "as-chacha20poly1305": assemblyScript(asChacha20Poly1305, bytes) }),
};

export function frameCells() {
  return [
    ["56 B", 56],
    ["76 B", 76],
    ["1,400 B", 1_400],
  ].flatMap(([size, length]) => {
    const frames = Array.from({ length: INPUTS }, () => frameOf(length));
    return [sealCell(`seal, ${size}`, frames), openCell(`open, ${size}`, frames)];
  });
}

function ours() {
  let next;
  const key = new FrameKey(bytes, { random: () => next });
  return {
    seal(frame) {
      next = frame.nonce;
      return key.seal(frame.plaintext, frame);
    },
    open: (datagram) => key.open(datagram),
  };
}

function frameOf(length) {
  return {
    nonce: random.bytes(NONCE_BYTES),
    flags: random.below(256),
    channel: random.below(2 ** 24),
    sequence: BigInt(random.safeInteger()),
    // Near the maximum: the longest encoding of the longest field.
    offset: 2n ** 64n - 1n - BigInt(random.safeInteger()),
    plaintext: random.bytes(length),
  };
}

function sealCell(name, frames) {
  const [frame] = frames;
  return {
    name,
    // V8 cannot drop a call, and every candidate computes whole texts: reading all bytes would dominate the times.
    consume: (datagram) => datagram[0] ^ datagram[datagram.length - 1],
    plain: (datagram) => Buffer.from(datagram).toString("hex"),
    inputs: frames,
    bad: {
      "a plaintext that is too long": { ...frame, plaintext: new Uint8Array(PLAINTEXT_BYTES_MAX + 1) },
      "flags of nine bits": { ...frame, flags: 256 },
      "a channel of 25 bits": { ...frame, channel: 2 ** 24 },
      "a sequence of 65 bits": { ...frame, sequence: 2n ** 64n },
      "an offset below 0": { ...frame, offset: -1n },
    },
    candidates: candidatesOf("seal", frames),
  };
}

function openCell(name, frames) {
  const { seal } = CANDIDATES.FrameKey;
  const datagrams = frames.map(seal);
  const [datagram] = datagrams;
  const inside = insideOf(frames[0]).subarray(0, HEADER_BYTES - 1);
  return {
    name,
    consume: ({ flags, channel, sequence, offset, plaintext }) =>
      flags + channel + Number(sequence) + Number(offset) + plaintext[0] + plaintext[plaintext.length - 1],
    plain: ({ plaintext, ...header }) => ({ ...header, plaintext: Buffer.from(plaintext).toString("hex") }),
    inputs: datagrams,
    bad: {
      nothing: new Uint8Array(0),
      "a nonce and half a tag": datagram.subarray(0, 20),
      "a changed nonce": changed(datagram, 0),
      "a changed header": changed(datagram, NONCE_BYTES),
      "a changed tag": changed(datagram, datagram.length - 1),
      "an authentic frame without a whole header": noble(bytes).sealInside(frames[0].nonce, inside),
      "a datagram that is too long": new Uint8Array(PLAINTEXT_BYTES_MAX + 49),
    },
    candidates: candidatesOf("open", datagrams),
  };
}

function candidatesOf(verb, inputs) {
  return Object.entries(CANDIDATES).map(([name, candidate]) => {
    const call = candidate[verb];
    return { name, ours: name === "FrameKey", run: (i) => call(inputs[i]), once: call };
  });
}

function changed(datagram, at) {
  const copy = datagram.slice();
  copy[at] ^= 1;
  return copy;
}
