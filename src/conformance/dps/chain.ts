/** Vectors of the chain: hashes of blocks by the gob of both versions of Go, and the encryption of their data. */
import { concatBytes, toHex } from "../../bytes/index.js";
import { sha256 } from "../../kernel/index.js";
import {
  blockHash,
  decryptBlock,
  encryptData,
  gobHash,
  gobHashing,
  gobStream,
  IV_BYTES,
  verifyBlock,
  type Block,
} from "../../protocols/chain/index.js";
import type { Field } from "../field.js";
import { differences, type Outcome } from "../verdict.js";
import { codeOf, compared } from "./compared.js";

/** Bytes of the longest data that a rule is carried out for. */
const DATA_BYTES_MAX = 16 * 1024 * 1024;
const TYPE_ID_MAX = 254;

/** A block: its gob and its hashes, by the ids of both versions of Go. */
export function blockHashes(vector: Field): Outcome {
  const block = blockOf(vector.get("block"));
  const found = [...versionOf(vector, block), ...sizesOf(vector, block)];
  const older = vector.get("go_le_1_20");
  if (older.isGiven) {
    // The block before has another hash there.
    const prevHash = older.get("PrevHash_hex").isGiven ? older.get("PrevHash_hex").bytes() : block.prevHash;
    found.push(...versionOf(older, { ...block, prevHash, hash: older.get("hash_sha256_size32").bytes(32) }));
  }
  return found.length === 0 ? { verdict: "equal" } : { verdict: "failed", differences: found };
}

function blockOf(field: Field): Block {
  const data = field.get("Data");
  return {
    hash: field.get("Hash_hex").bytes(32),
    prevHash: field.get("PrevHash_hex").bytes(),
    index: field.get("Index").bigint(),
    data: { hash: data.get("Hash_hex").bytes(20), data: dataOf(data), iv: data.get("IV_hex").bytes() },
    timeNs: field.get("Time").bigint(),
    nonce: field.get("Nonce").bigint(),
  };
}

/** The data of a block, as bytes or as a rule. */
function dataOf(data: Field): Uint8Array {
  if (data.get("Data_hex").isGiven) return data.get("Data_hex").bytes();
  const rule = /^(\d+) zero bytes$/.exec(data.get("Data_rule").text());
  const length = Number(rule?.[1]);
  if (!(length <= DATA_BYTES_MAX)) throw data.get("Data_rule").refuse("a number of zero bytes");
  return new Uint8Array(length);
}

/** The gob and the hash of one version of Go. */
function versionOf(field: Field, block: Block): readonly string[] {
  const typeIdBase = field.get("first_gob_type_id").integer(64, TYPE_ID_MAX);
  const hashing = gobHashing({ typeIdBase });
  const gob = concatBytes(...gobStream(block, hashing.ids));
  const whole = field.get("gob_hex").isGiven ? differences("gob_hex", field.get("gob_hex").bytes(), gob) : [];
  const short = field.get("gob_length").isGiven
    ? [
        ...failuresOf(
          compared(field, [
            ["gob_length", gob.length],
            ["gob_sha256", toHex(sha256(gob))],
          ]),
        ),
        ...differences("gob_first_192_hex", field.get("gob_first_192_hex").bytes(192), gob.subarray(0, 192)),
      ]
    : [];
  const hash = differences("hash_sha256_size32", field.get("hash_sha256_size32").bytes(32), blockHash(block, hashing));
  const verified = verifyBlock(block);
  const isVerified = verified?.kind === "gob" && verified.ids.block === typeIdBase;
  return [...whole, ...short, ...hash, ...(isVerified ? [] : [`${field.path}: the block is not verified`])];
}

/** The hashes of other sizes, and whether Go takes the block's own for one of them. */
function sizesOf(vector: Field, block: Block): readonly string[] {
  const isOwn = (hashBytes: number): boolean => toHex(gobHash(block, { hashBytes })) === toHex(block.hash);
  return failuresOf(
    compared(vector, [
      ["hash_sha1_size20", toHex(gobHash(block, { hashBytes: 20 }))],
      ["hash_sha512_size64", toHex(gobHash(block, { hashBytes: 64 }))],
      ["validate_size20", isOwn(20)],
      ["validate_size32", isOwn(32)],
    ]),
  );
}

function failuresOf(outcome: Outcome): readonly string[] {
  return outcome.verdict === "failed" ? outcome.differences : [];
}

/** Data that is encrypted and decrypted, also with a bit of its tag changed; or the lengths of what is encrypted. */
export function aesGcm(vector: Field): Outcome {
  if (!vector.get("key_hex").exists) return lengths(vector);
  const key = vector.get("key_hex").bytes();
  const iv = vector.get("iv_hex").bytes(IV_BYTES);
  const plaintext = vector.get("plaintext_hex").bytes();
  const sealed = vector.get("ciphertext_and_tag_hex").bytes();
  const ours = encryptData(plaintext, key, iv);
  const changed = sealed.slice();
  changed[changed.length - 1]! ^= 1;
  const found = [
    ...differences("ciphertext_and_tag_hex", sealed, ours),
    ...differences("tag_hex", vector.get("tag_hex").bytes(16), ours.subarray(-16)),
    ...differences("plaintext_hex", plaintext, decryptBlock(sealedBlock(sealed, iv), key)),
  ];
  const recorded = vector.get("decrypt_with_last_byte_flipped_error").text();
  const code = codeOf(() => decryptBlock(sealedBlock(changed, iv), key));
  if (!recorded.includes("authentication failed") || code !== "tag")
    found.push(`another tag: ${recorded}, ours ${code}`);
  return found.length === 0 ? { verdict: "equal" } : { verdict: "failed", differences: found };
}

function lengths(vector: Field): Outcome {
  const plaintext = new Uint8Array(vector.get("plaintext_length").integer(0, DATA_BYTES_MAX));
  const keyBytes = Number(/invalid key size (\d+)$/.exec(vector.get("bad_key_error").text())?.[1]);
  const iv = new Uint8Array(IV_BYTES);
  const code = codeOf(() => encryptData(plaintext, new Uint8Array(keyBytes), iv));
  const outcome = compared(vector, [
    ["ciphertext_length", encryptData(plaintext, new Uint8Array(32), iv).length],
    ["iv_length", IV_BYTES],
  ]);
  if (code === "length") return outcome;
  return { verdict: "failed", differences: [...failuresOf(outcome), `bad_key_error: ours is ${code}`] };
}

function sealedBlock(data: Uint8Array, iv: Uint8Array): Block {
  const none = new Uint8Array(0);
  return { hash: none, prevHash: none, index: 0n, data: { hash: none, data, iv }, timeNs: 0n, nonce: 0n };
}
