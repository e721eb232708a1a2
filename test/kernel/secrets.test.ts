/** Modules keep no secrets: after each call their whole memory equals its initial state. */
import { describe, expect, test } from "vitest";
import {
  aesCtr,
  AesCtrKey,
  AesGcmKey,
  aesGcmOpen,
  aesGcmSeal,
  aesGcmTryOpen,
  ChaCha20Poly1305Key,
  chacha20Poly1305Open,
  chacha20Poly1305Seal,
  chacha20Poly1305TryOpen,
  hkdfSha256,
  HkdfSha256Key,
  hmacSha256,
  HmacSha256Key,
  poly1305,
  sha1,
  sha1Batch,
  sha256,
  sha256Batch,
  sha256Stream,
  withEngine,
} from "../../src/kernel/index.js";
import { instances, type KernelInstance, type Region } from "../../src/kernel/engine/instance.js";
import { noise } from "./engines.js";

const LENGTHS = [0, 1, 20, 55, 56, 63, 64, 65, 200, 5000, 262_144, 262_145, 300_000];
const key = noise(32, 2);
const counter = noise(16, 4);
const nonce = noise(12, 3);

/** The instance that the first use of a primitive makes. */
function serving(use: () => unknown): KernelInstance<object> {
  withEngine("wasm", use);
  return instances().at(-1)!;
}

const MODULES = [
  {
    name: "sha256",
    kernel: serving(() => sha256(new Uint8Array(0))),
    uses: {
      "one message": (message: Uint8Array) => sha256(message),
      "a batch of small messages": (message: Uint8Array) => message.length > 0 && sha256Batch(message, 1),
      "a batch of eleven messages": (message: Uint8Array) => {
        const messageBytes = Math.floor(message.length / 11);
        if (messageBytes > 0) sha256Batch(message.subarray(0, 11 * messageBytes), messageBytes);
      },
      "a batch of long messages": (message: Uint8Array) => {
        const whole = new Uint8Array(5 * 70_000).fill(7);
        whole.set(message);
        sha256Batch(whole, 70_000);
      },
      "an HMAC": (message: Uint8Array) => hmacSha256(key, message),
      "an HMAC with a long key": (message: Uint8Array) => hmacSha256(message, key),
      "an HMAC handle": (message: Uint8Array) => {
        using handle = new HmacSha256Key(key);
        handle.sign(message);
        handle.verify(message, new Uint8Array(32));
      },
      "a derived key": (message: Uint8Array) => hkdfSha256(message, { salt: key, info: message, lengthBytes: 100 }),
      "an HKDF handle": (message: Uint8Array) => {
        using handle = new HkdfSha256Key(message, key);
        handle.expand(65, message);
      },
    },
  },
  {
    name: "sha1",
    kernel: serving(() => sha1(new Uint8Array(0))),
    uses: {
      "one message": (message: Uint8Array) => sha1(message),
      "a batch of small messages": (message: Uint8Array) => message.length > 0 && sha1Batch(message, 1),
      "a batch of eight messages": (message: Uint8Array) => {
        const messageBytes = Math.floor(message.length / 8);
        if (messageBytes > 0) sha1Batch(message.subarray(0, 8 * messageBytes), messageBytes);
      },
    },
  },
  {
    name: "chacha20-poly1305",
    kernel: serving(() => chacha20Poly1305Seal(key, nonce, key)),
    uses: {
      "a sealed text": (message: Uint8Array) => chacha20Poly1305Seal(key, nonce, message, key),
      "an opened text": (message: Uint8Array) => {
        using handle = new ChaCha20Poly1305Key(key);
        handle.open(nonce, handle.seal(nonce, message));
      },
      "additional data": (message: Uint8Array) => {
        chacha20Poly1305Open(key, nonce, chacha20Poly1305Seal(key, nonce, key, message), message);
      },
      "a tag that does not match": (message: Uint8Array) => {
        const forged = new Uint8Array(message.length + 16);
        forged.set(message);
        chacha20Poly1305TryOpen(key, nonce, forged, key);
      },
    },
  },
  {
    name: "chacha20-poly1305, for one-time keys",
    kernel: serving(() => poly1305(key, key)),
    uses: {
      "a tag": (message: Uint8Array) => poly1305(key, message, key),
      "a tag of additional data": (message: Uint8Array) => poly1305(key, key, message),
    },
  },
  {
    name: "aes",
    kernel: serving(() => aesCtr(key, counter, key)),
    uses: {
      "one text": (message: Uint8Array) => aesCtr(key, counter, message),
      "one text with a short key": (message: Uint8Array) => aesCtr(key.subarray(16), counter, message),
      "a text with a key that is held": (message: Uint8Array) => {
        using handle = new AesCtrKey(key);
        handle.crypt(counter, message, { counterBits: 32, block: 7 });
      },
      "a sealed text": (message: Uint8Array) => aesGcmSeal(key, nonce, message, key),
      "an opened text with a key that is held": (message: Uint8Array) => {
        using handle = new AesGcmKey(key);
        handle.open(nonce, handle.seal(nonce, message));
      },
      "additional data": (message: Uint8Array) => {
        aesGcmOpen(key, nonce, aesGcmSeal(key, nonce, key, message), message);
      },
      "a tag that does not match": (message: Uint8Array) => {
        const forged = new Uint8Array(message.length + 16);
        forged.set(message);
        aesGcmTryOpen(key, nonce, forged, key);
      },
    },
  },
] as const;

describe.each(MODULES)("the memory of $name", ({ kernel, uses }) => {
  const atStart = Buffer.from(kernel.memory);
  const firstChange = () => kernel.memory.findIndex((byte, i) => byte !== atStart[i]);
  const isUnchanged = () => Buffer.compare(kernel.memory, atStart) === 0;

  test("is zero in every region before any secret", () => {
    for (const { name } of kernel.regions) expect(kernel.region(name).every((byte) => byte === 0)).toBe(true);
  });

  test.each(Object.entries(uses))("is clear after %s", (_, use) => {
    for (const length of LENGTHS) {
      withEngine("wasm", () => use(noise(length, 5)));
      if (!isUnchanged()) expect(`${length} bytes leave something at ${firstChange()}`).toBe("");
    }
    expect(isUnchanged()).toBe(true);
  });

  test("reveals a leftover byte", () => {
    const [{ at }] = kernel.regions as [Region];
    kernel.memory[at + 7] = 1;
    expect(isUnchanged()).toBe(false);
    kernel.memory[at + 7] = 0;
    expect(isUnchanged()).toBe(true);
  });
});

test("a stream leaves nothing in memory, between its parts and after its digest", () => {
  const [{ kernel }] = MODULES;
  const atStart = Buffer.from(kernel.memory);
  const isUnchanged = () => Buffer.compare(kernel.memory, atStart) === 0;
  const stream = withEngine("wasm", () => sha256Stream());
  for (const length of LENGTHS) {
    stream.update(noise(length, 6));
    expect(isUnchanged()).toBe(true);
  }
  stream.digest();
  expect(isUnchanged()).toBe(true);
});
