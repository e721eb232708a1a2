/**
 * Messages by hand: the same algorithms over as many bytes, without a ledger, keys with names, or checks of what was
 * read.
 */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from "node:crypto";
import { readFileSync } from "node:fs";
import { poly1305 } from "@noble/ciphers/_poly1305.js";
import { ml_dsa87 } from "@noble/post-quantum/ml-dsa.js";
import { ml_kem1024 } from "@noble/post-quantum/ml-kem.js";

const CHUNK_BYTES = 65_536;
const TAG_BYTES = 16;
const CONTEXT = Buffer.from("specwire/qm/v2");
const NOTHING = Buffer.alloc(0);

/** By level: makes what seals and opens. */
export const byHand = {
  1: () => {
    // A pad for each message, as a key manager gives it; the same one here.
    const whole = randomBytes(2 ** 20 + 32 + 16 * TAG_BYTES);
    return (content) => openPad(sealPad(content, Uint8Array.from(whole)), Uint8Array.from(whole));
  },
  2: () => {
    const keys = randomBytes(64);
    return (content) => {
      const salt = randomBytes(32);
      const header = Buffer.concat([prefixOf(200), salt]);
      const { enc, mac } = derive(NOTHING, keys, salt, header);
      const tag = createHmac("sha256", mac).update(header).digest();
      const sealed = sealChunks(content, enc, Buffer.concat([header, tag]));
      const theirs = derive(NOTHING, keys, salt, header);
      require(timingSafeEqual(createHmac("sha256", theirs.mac).update(header).digest(), tag));
      return openChunks(sealed, content.length, theirs.enc, Buffer.concat([header, tag]));
    };
  },
  3: () => {
    const kem = ml_kem1024.keygen();
    const dsa = ml_dsa87.keygen();
    const wrap = () => {
      const { cipherText, sharedSecret } = ml_kem1024.encapsulate(kem.publicKey);
      return [cipherText, sharedSecret];
    };
    const unwrap = (wrapped) => ml_kem1024.decapsulate(wrapped, kem.secretKey);
    const options = { context: CONTEXT };
    return member(wrap, unwrap, {
      sign: (text) => ml_dsa87.sign(text, dsa.secretKey, options),
      verify: (signature, text) => ml_dsa87.verify(signature, text, dsa.publicKey, options),
    });
  },
  4: () => {
    const [oaepPair, pssPair] = recordedPairs();
    const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256", oaepLabel: CONTEXT };
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    const wrap = () => {
      const secret = randomBytes(32);
      return [publicEncrypt({ key: oaepPair.publicKey, ...oaep }, secret), secret];
    };
    const unwrap = (wrapped) => privateDecrypt({ key: oaepPair.privateKey, ...oaep }, wrapped);
    return member(wrap, unwrap, {
      sign: (text) => sign("sha256", text, { key: pssPair.privateKey, ...pss }),
      verify: (signature, text) => verify("sha256", text, { key: pssPair.publicKey, ...pss }, signature),
    });
  },
};

/** The file of a member's keys of level 3 or 4: to make RSA-4096 pairs takes longer than a cell. */
export function recordedKeys(name, level) {
  return new URL(`../../../test/protocols/qkd/levels/keys/${name}.${level}.txt`, import.meta.url);
}

/** Both RSA pairs of a bundle: behind magic, version, level, id and time, each PKCS 8 behind two bytes of length. */
function recordedPairs() {
  const lines = readFileSync(recordedKeys("alice", 4), "utf8").trim().split("\n").slice(1, -1);
  const bundle = Buffer.from(lines.join(""), "base64");
  const firstAt = 4 + 1 + 1 + 1 + bundle[6] + 8;
  const secondAt = firstAt + 2 + bundle.readUInt16BE(firstAt);
  return [firstAt, secondAt].map((at) => {
    const der = bundle.subarray(at + 2, at + 2 + bundle.readUInt16BE(at));
    const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    return { privateKey, publicKey: createPublicKey(privateKey) };
  });
}

/** Seals and opens with a wrapped secret and a signature of the header. */
function member(wrap, unwrap, signer) {
  return (content) => {
    const salt = randomBytes(32);
    const [wrapped, secret] = wrap();
    const prefix = Buffer.concat([prefixOf(200), salt, wrapped]);
    const { enc, mac } = derive(secret, NOTHING, salt, prefix);
    const signed = Buffer.concat([prefix, createHmac("sha256", mac).update(prefix).digest()]);
    const signature = signer.sign(signed);
    const sealed = sealChunks(content, enc, Buffer.concat([signed, signature]));
    require(signer.verify(signature, signed));
    const theirs = derive(unwrap(wrapped), NOTHING, salt, prefix);
    require(timingSafeEqual(createHmac("sha256", theirs.mac).update(prefix).digest(), signed.subarray(-32)));
    return openChunks(sealed, content.length, theirs.enc, Buffer.concat([signed, signature]));
  };
}

/** As many bytes as addresses and ids take. */
function prefixOf(length) {
  return Buffer.alloc(length, 7);
}

function derive(secret, keys, salt, prefix) {
  const ikm = Buffer.concat([Buffer.from([0, secret.length]), secret, Buffer.from([0, keys.length]), keys]);
  const hash = createHash("sha256").update(prefix).digest();
  const expand = (use) => Buffer.from(hkdfSync("sha256", ikm, salt, Buffer.concat([CONTEXT, use, hash]), 32));
  return { enc: expand(Buffer.from(" enc")), mac: expand(Buffer.from(" mac")) };
}

function* chunksOf(length) {
  const count = Math.max(1, Math.ceil(length / CHUNK_BYTES));
  for (let index = 0; index < count; index++) {
    yield {
      index,
      at: index * CHUNK_BYTES,
      end: Math.min(length, (index + 1) * CHUNK_BYTES),
      isLast: index === count - 1,
    };
  }
}

function nonceAndAad({ index, at, end, isLast }, hash) {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(index, 7);
  nonce[11] = Number(isLast);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(index, 0);
  head.writeUInt32BE(end - at + (isLast ? 0x80000000 : 0), 4);
  return { nonce, head, aad: Buffer.concat([hash, head]) };
}

function sealChunks(content, key, header) {
  const hash = createHash("sha256").update(header).digest();
  const parts = [header];
  for (const chunk of chunksOf(content.length)) {
    const { nonce, head, aad } = nonceAndAad(chunk, hash);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    cipher.setAAD(aad);
    parts.push(
      head.subarray(4),
      cipher.update(content.subarray(chunk.at, chunk.end)),
      cipher.final(),
      cipher.getAuthTag(),
    );
  }
  return Buffer.concat(parts);
}

function openChunks(envelope, length, key, header) {
  const hash = createHash("sha256").update(header).digest();
  const parts = [];
  let at = header.length;
  for (const chunk of chunksOf(length)) {
    const { nonce, aad } = nonceAndAad(chunk, hash);
    const end = at + 4 + chunk.end - chunk.at;
    const decipher = createDecipheriv("aes-256-gcm", key, nonce);
    decipher.setAAD(aad);
    decipher.setAuthTag(envelope.subarray(end, end + TAG_BYTES));
    parts.push(decipher.update(envelope.subarray(at + 4, end)), decipher.final());
    at = end + TAG_BYTES;
  }
  return Buffer.concat(parts);
}

function tagOf(pad, maskAt, aad, text) {
  const key = new Uint8Array(32);
  key.set(pad.subarray(0, 16));
  key.set(pad.subarray(maskAt, maskAt + 16), 16);
  const lengths = Buffer.alloc(16);
  lengths.writeUInt32LE(aad.length, 0);
  lengths.writeUInt32LE(text.length, 8);
  const padded = (bytes) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 15)]);
  return poly1305(Buffer.concat([padded(aad), padded(text), lengths]), key);
}

function sealPad(content, pad) {
  const header = prefixOf(200);
  const parts = [header, tagOf(pad, 16, header, NOTHING)];
  let padAt = 32;
  for (const chunk of chunksOf(content.length)) {
    const { head } = nonceAndAad(chunk, NOTHING);
    const text = Buffer.from(content.subarray(chunk.at, chunk.end));
    for (let i = 0; i < text.length; i++) text[i] ^= pad[padAt + 16 + i];
    parts.push(head.subarray(4), text, tagOf(pad, padAt, head, text));
    padAt += 16 + text.length;
  }
  return { envelope: Buffer.concat(parts), length: content.length };
}

function openPad({ envelope, length }, pad) {
  const header = envelope.subarray(0, 200);
  require(timingSafeEqual(tagOf(pad, 16, header, NOTHING), envelope.subarray(200, 216)));
  const parts = [];
  let [at, padAt] = [216, 32];
  for (const chunk of chunksOf(length)) {
    const { head } = nonceAndAad(chunk, NOTHING);
    const end = at + 4 + chunk.end - chunk.at;
    const text = Buffer.from(envelope.subarray(at + 4, end));
    require(timingSafeEqual(tagOf(pad, padAt, head, text), envelope.subarray(end, end + TAG_BYTES)));
    for (let i = 0; i < text.length; i++) text[i] ^= pad[padAt + 16 + i];
    parts.push(text);
    padAt += 16 + text.length;
    at = end + TAG_BYTES;
  }
  return Buffer.concat(parts);
}

function require(isRight) {
  if (!isRight) throw new Error("a tag or a signature does not match");
}
