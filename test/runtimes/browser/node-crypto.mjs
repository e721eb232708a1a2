/** What conformance needs of node:crypto, by noble: a page has no node:crypto. */
import { ctr, ecb } from "@noble/ciphers/aes.js";
import { hmac } from "@noble/hashes/hmac.js";
import { md5 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { Buffer } from "./buffer.mjs";

const HASHES = { md5, sha256 };
const bytesOf = (input) => (typeof input === "string" ? new TextEncoder().encode(input) : input);

function streamOf(hash) {
  return {
    update(input) {
      hash.update(bytesOf(input));
      return this;
    },
    digest: () => hash.digest(),
  };
}

export const createHash = (name) => streamOf(HASHES[name].create());
export const createHmac = (name, key) => streamOf(hmac.create(HASHES[name], key));

/** `aes-…-ecb` without padding. */
export function createCipheriv(name, key) {
  if (!name.endsWith("-ecb")) throw new Error(`no ${name}`);
  return {
    setAutoPadding() {
      return this;
    },
    update: (bytes) => Buffer.from(ecb(key, { disablePadding: true }).encrypt(bytes)),
  };
}

/** `aes-128-ctr`, of one text. */
export function createDecipheriv(name, key, iv) {
  if (name !== "aes-128-ctr") throw new Error(`no ${name}`);
  return { update: (bytes) => Buffer.from(ctr(key, iv).decrypt(bytes)) };
}
