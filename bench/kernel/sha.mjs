/** SHA-256 and SHA-1 of one message, of four messages, and of many messages in an arena. */
import { createHash, hash } from "node:crypto";
import { digest as asSha256, hashInto } from "@chainsafe/as-sha256";
import { sha1 as nobleSha1 } from "@noble/hashes/legacy.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { createSHA1, createSHA256 } from "hash-wasm";
import { Sha1Arena, sha256, Sha256Arena, sha256Batch, withEngine } from "specwire/kernel";
import { INPUTS, refuse } from "../lib/cell.mjs";
import { makeRandom } from "../lib/random.mjs";
import { hasShaInstructions } from "./cpu.mjs";
import { badMessages, digestCandidate, messagesOf, bytesOnly, digestCell, digestsCell, withWords } from "./digests.mjs";

const KB = 1024;
const MB = 1024 * KB;
const random = makeRandom();

export async function shaCells() {
  const wasm256 = await createSHA256();
  const wasm1 = await createSHA1();
  const byHashWasm = (hasher) => (message) => hasher.init().update(message).digest("binary");
  const sha256s = {
    "hash-wasm": byHashWasm(wasm256),
    "as-sha256": bytesOnly(asSha256),
    node: byNode("sha256"),
    noble: nobleSha256,
  };
  const sha1s = { "hash-wasm": byHashWasm(wasm1), node: byNode("sha1"), noble: nobleSha1 };
  return [
    messageCell("SHA-256, 64 B", 64, { sha256 }, sha256s),
    messageCell("SHA-256, 1 KB", KB, { sha256 }, sha256s),
    messageCell("SHA-256, 64 KB", 64 * KB, { sha256 }, sha256s),
    messageCell("SHA-256, 1 MB, WASM engine", MB, { sha256: onWasm(sha256) }, sha256s),
    fourCell(sha256s),
    arenaCell("SHA-256, 1,000 x 20 B, arena", Sha256Arena, 20, sha256s),
    arenaCell("SHA-256, 1,000 x 32 B, arena", Sha256Arena, 32, sha256s),
    arenaCell("SHA-256, 1,000 x 64 B, arena", Sha256Arena, 64, sha256s, { "as-sha256 hashInto": hashInto }),
    arenaCell("SHA-1, 1,000 x 40 B, arena", Sha1Arena, 40, sha1s),
  ];
}

function byNode(name) {
  return hash === undefined
    ? (message) => createHash(name).update(message).digest()
    : bytesOnly((message) => hash(name, message, "buffer"));
}

function onWasm(digestOf) {
  return (message) => withEngine("wasm", () => digestOf(message));
}

function messageCell(name, length, ours, rivals) {
  const inputs = messagesOf(random, length);
  const [[ourName, digestOf]] = Object.entries(ours);
  return {
    ...digestCell,
    name,
    inputs,
    bad: badMessages,
    candidates: [
      { ...digestCandidate(ourName, digestOf, inputs), ours: true },
      ...Object.entries(rivals).map(([rival, of]) => digestCandidate(rival, of, inputs)),
    ],
  };
}

/** Four messages in a batch; ours copies them into the module and the digests out of it. */
function fourCell({ "hash-wasm": hashWasm, "as-sha256": asSha }) {
  const length = 64 * KB;
  const inputs = messagesOf(random, 4 * length);
  const fourOf = (digestOf) => (messages) => {
    if (!(messages instanceof Uint8Array) || messages.length !== 4 * length) refuse("four messages");
    const digests = new Uint8Array(4 * 32);
    for (let i = 0; i < 4; i++) digests.set(digestOf(messages.subarray(i * length, (i + 1) * length)), i * 32);
    return digests;
  };
  const createHashes = fourOf((message) => createHash("sha256").update(message).digest());
  return {
    ...digestCell,
    name: "SHA-256, 4 x 64 KB, WASM engine",
    inputs,
    bad: { ...badMessages, "a part of a message": inputs[0].subarray(1) },
    exempt: hasShaInstructions() ? { "4 createHash": "this CPU has instructions for SHA-256" } : {},
    candidates: [
      {
        ...digestCandidate(
          "sha256Batch",
          onWasm((messages) => sha256Batch(messages, length)),
          inputs,
        ),
        ours: true,
      },
      digestCandidate("4 createHash", createHashes, inputs),
      digestCandidate("hash-wasm", fourOf(hashWasm), inputs),
      digestCandidate("as-sha256", fourOf(asSha), inputs),
    ],
  };
}

/** Messages and digests of ours stay in the arena; rivals read views of an array and write to another. */
function arenaCell(name, Arena, length, rivals, blockRivals = {}) {
  const count = 1000;
  const places = Array.from({ length: 4 }, () => {
    const arena = new Arena(count * length, count);
    const messages = random.bytes(count * length);
    arena.input.set(messages);
    const parts = Array.from({ length: count }, (_, i) => messages.subarray(i * length, (i + 1) * length));
    return { arena, result: withWords(arena.output), messages, parts };
  });
  const inputs = Array.from({ length: INPUTS }, (_, i) => ({ ...places[i % places.length], count }));
  const digestBytes = places[0].arena.output.length / count;
  const ours = ({ arena, result, count: asked }) => {
    arena.digestBatch(length, asked);
    return result;
  };
  const rival = (title, digestAll) => {
    const result = withWords(new Uint8Array(count * digestBytes));
    const once = (input) => {
      if (input.count > count || !(input.count >= 0)) refuse("as many messages as there are");
      digestAll(input, result.bytes);
      return result;
    };
    return digestCandidate(title, once, inputs);
  };
  return {
    ...digestsCell,
    name,
    items: count,
    inputs,
    bad: { "a message too many": { ...inputs[0], count: count + 1 }, "a negative count": { ...inputs[0], count: -1 } },
    candidates: [
      { ...digestCandidate(Arena.name, ours, inputs), ours: true },
      ...Object.entries(blockRivals).map(([title, into]) => rival(title, ({ messages }, out) => into(messages, out))),
      ...Object.entries(rivals).map(([title, digestOf]) =>
        rival(title, ({ parts }, out) => {
          for (let i = 0; i < count; i++) out.set(digestOf(parts[i]), i * digestBytes);
        }),
      ),
    ],
  };
}
