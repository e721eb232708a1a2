/** Authenticated ciphers: published vectors, lengths, forged inputs and arguments. */
import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "../../../src/bytes/index.js";
import {
  AesGcmKey,
  aesGcmOpen,
  aesGcmSeal,
  aesGcmTryOpen,
  ChaCha20Poly1305Key,
  chacha20Poly1305Open,
  chacha20Poly1305Seal,
  chacha20Poly1305TryOpen,
} from "../../../src/kernel/index.js";
import { aesGcmSealInto, aesGcmTryOpenInto } from "../../../src/kernel/cipher/aes-gcm.js";
import { ascii, by, describeEngines, messages, noise } from "../engines.js";
import { nodeSeal } from "./node-aead.js";

const CIPHERS = [
  {
    name: "aes-gcm",
    nodeName: (key: Uint8Array) => `aes-${key.length * 8}-gcm`,
    keyLengths: [16, 24, 32],
    Key: AesGcmKey,
    seal: aesGcmSeal,
    open: aesGcmOpen,
    tryOpen: aesGcmTryOpen,
    // "The Galois/Counter Mode of Operation" (McGrew, Viega), appendix B, test cases 13, 14 and 16.
    vectors: [
      {
        key: "00".repeat(32),
        nonce: "00".repeat(12),
        aad: "",
        plaintext: "",
        sealed: "530f8afbc74536b9a963b4f1c4cb738b",
      },
      {
        key: "00".repeat(32),
        nonce: "00".repeat(12),
        aad: "",
        plaintext: "00".repeat(16),
        sealed: "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
      },
      {
        key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        nonce: "cafebabefacedbaddecaf888",
        aad: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        plaintext:
          "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" +
          "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        sealed:
          "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa" +
          "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662" +
          "76fc6ece0f4e1768cddf8853bb2d551b",
      },
    ],
  },
  {
    name: "chacha20-poly1305",
    nodeName: () => "chacha20-poly1305",
    keyLengths: [32],
    Key: ChaCha20Poly1305Key,
    seal: chacha20Poly1305Seal,
    open: chacha20Poly1305Open,
    tryOpen: chacha20Poly1305TryOpen,
    // RFC 8439 §2.8.2.
    vectors: [
      {
        key: toHex(Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i)),
        nonce: "070000004041424344454647",
        aad: "50515253c0c1c2c3c4c5c6c7",
        plaintext: toHex(
          ascii(
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, " +
              "sunscreen would be it.",
          ),
        ),
        sealed:
          "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6" +
          "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36" +
          "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc" +
          "3ff4def08e4b7a9de576d26586cec64b6116" +
          "1ae10b594f09e26a7e902ecbd0600691",
      },
    ],
  },
] as const;

describe.each(CIPHERS)("$name", ({ name, nodeName, keyLengths, Key, seal, open, tryOpen, vectors }) => {
  describeEngines(name, (engine) => {
    test("gives the published ciphertexts, and opens them", () => {
      for (const vector of vectors) {
        const [key, nonce, aad] = [fromHex(vector.key), fromHex(vector.nonce), fromHex(vector.aad)];
        expect(toHex(by(engine, seal)(key, nonce, fromHex(vector.plaintext), aad))).toBe(vector.sealed);
        expect(toHex(by(engine, open)(key, nonce, fromHex(vector.sealed), aad))).toBe(vector.plaintext);
      }
    });

    test.each(keyLengths)("equals node:crypto at every length and alignment, with a key of %i bytes", (keyBytes) => {
      const key = noise(keyBytes, 2);
      const handle = new Key(key);
      for (const plaintext of messages()) {
        const nonce = noise(12, plaintext.length);
        const aad = noise(plaintext.length % 37, 3);
        const expected = nodeSeal(nodeName(key), key, nonce, plaintext, aad);
        expect(by(engine, () => handle.seal(nonce, plaintext, aad))()).toBeBytes(expected);
        expect(by(engine, () => handle.open(nonce, expected, aad))()).toBeBytes(new Uint8Array(plaintext));
      }
      handle.wipe();
    });

    test("treats absent additional data as empty", () => {
      const [key, nonce, text] = [noise(32), noise(12), noise(20)];
      const sealed = by(engine, seal)(key, nonce, text);
      expect(sealed).toBeBytes(nodeSeal(nodeName(key), key, nonce, text, new Uint8Array(0)));
      expect(by(engine, tryOpen)(key, nonce, sealed)).toEqual({ ok: true, value: text });
    });

    test("refuses any input with one wrong bit", () => {
      const [key, nonce, text, aad] = [noise(32), noise(12), noise(21), noise(5)];
      const sealed = seal(key, nonce, text, aad);
      const refused = (...changed: [Uint8Array, Uint8Array, Uint8Array, Uint8Array]) => {
        const result = by(engine, tryOpen)(...changed);
        expect(result).toMatchObject({ ok: false, error: { code: "tag", format: `kernel.${name}` } });
      };
      const flips = (bytes: Uint8Array) =>
        Array.from({ length: bytes.length * 8 }, (_, bit) =>
          bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
        );
      for (const flipped of flips(sealed)) refused(key, nonce, flipped, aad);
      for (const flipped of flips(nonce)) refused(key, flipped, sealed, aad);
      for (const flipped of flips(aad)) refused(key, nonce, sealed, flipped);
      for (const flipped of flips(key)) refused(flipped, nonce, sealed, aad);
      refused(key, nonce, sealed.subarray(0, sealed.length - 1), aad);
      refused(key, nonce, sealed, aad.subarray(1));
      expect(() => by(engine, open)(key, nonce, flips(sealed)[0]!, aad)).toThrow(
        expect.objectContaining({ code: "tag" }),
      );
    });

    test("refuses sealed bytes that are shorter than a tag", () => {
      const [key, nonce] = [noise(32), noise(12)];
      for (let length = 0; length < 16; length++) {
        expect(by(engine, tryOpen)(key, nonce, noise(length))).toMatchObject({ ok: false, error: { code: "short" } });
        expect(() => by(engine, open)(key, nonce, noise(length))).toThrow(expect.objectContaining({ code: "short" }));
      }
    });

    test("seals and opens in place, over parts of its inputs, and at every alignment", () => {
      const [key, nonce, text, aad] = [noise(32), noise(12), noise(50), noise(10)];
      const sealed = seal(key, nonce, text, aad);
      const handle = new Key(key);
      for (const from of [22, 25, 40]) {
        for (const at of [0, 1, 2, 12, 22, 23, 40, 60]) {
          // nonce | aad | text in one buffer, to which the result goes too.
          const buffer = new Uint8Array(160).fill(0xee);
          const place = (bytes: Uint8Array, offset: number) => {
            buffer.set(bytes, offset);
            return buffer.subarray(offset, offset + bytes.length);
          };
          const [ownNonce, ownAad] = [place(nonce, 0), place(aad, 12)];
          const ownText = place(text, from);
          expect(by(engine, () => handle.sealInto(ownNonce, ownText, buffer, at, ownAad))()).toBe(66);
          expect(buffer.subarray(at, at + 66)).toBeBytes(sealed);
          buffer.fill(0xee);
          place(nonce, 0);
          place(aad, 12);
          const ownSealed = place(sealed, from);
          expect(by(engine, () => handle.openInto(ownNonce, ownSealed, buffer, at, ownAad))()).toBe(50);
          expect(buffer.subarray(at, at + 50)).toBeBytes(text);
        }
      }
    });

    test("leaves the output unchanged if the tag does not match", () => {
      const [key, nonce] = [noise(32), noise(12)];
      const sealed = seal(key, nonce, noise(40));
      sealed[55]! ^= 1;
      const out = new Uint8Array(40).fill(0xee);
      const handle = new Key(key);
      expect(() => by(engine, () => handle.openInto(nonce, sealed, out))()).toThrow(
        expect.objectContaining({ code: "tag" }),
      );
      expect(out).toBeBytes(new Uint8Array(40).fill(0xee));
    });
  });

  test("refuses keys and nonces of other lengths, and outputs without room", () => {
    const [key, nonce, text] = [noise(32), noise(12), noise(8)];
    const handle = new Key(key);
    const refused = (code: string, action: () => unknown) => expect(action).toThrow(expect.objectContaining({ code }));
    for (const length of [0, 15, 31, 33]) refused("length", () => new Key(noise(length)));
    for (const length of [0, 15, 31, 33]) refused("length", () => seal(noise(length), nonce, text));
    for (const length of [0, 8, 11, 13, 16]) refused("length", () => seal(key, noise(length), text));
    for (const length of [0, 8, 11, 13, 16]) refused("length", () => handle.tryOpen(noise(length), noise(30)));
    refused("argument", () => seal(key, nonce, "text" as unknown as Uint8Array));
    refused("argument", () => seal(key, nonce, text, "aad" as unknown as Uint8Array));
    refused("space", () => handle.sealInto(nonce, text, new Uint8Array(23)));
    refused("space", () => handle.openInto(nonce, handle.seal(nonce, text), new Uint8Array(7)));
    refused("short", () => handle.openInto(nonce, noise(15), new Uint8Array(7)));
  });
});

describeEngines("aes-gcm-once", (engine) => {
  test("writes a message of a one-time key where it is told to, as a held key does for its every message", () => {
    const [key, nonce, text, aad] = [noise(32), noise(12), noise(50), noise(10)];
    const sealed = nodeSeal("aes-256-gcm", key, nonce, text, aad);
    const out = new Uint8Array(80).fill(0xee);
    by(engine, () => aesGcmSealInto(key, nonce, text, out, 7, aad))();
    expect(out.subarray(7, 73)).toBeBytes(sealed);
    expect([...out.subarray(0, 7), ...out.subarray(73)].every((byte) => byte === 0xee)).toBe(true);
    const handle = new AesGcmKey(key);
    for (let message = 0; message < 3; message++) {
      expect(by(engine, () => handle.seal(nonce, text, aad))()).toBeBytes(sealed);
      expect(by(engine, () => handle.openInto(nonce, sealed, out, 1, aad))()).toBe(50);
      expect(out.subarray(1, 51)).toBeBytes(text);
    }
    out.fill(0xee);
    expect(by(engine, () => aesGcmTryOpenInto(key, nonce, sealed, out, 3, aad))()).toBe(true);
    expect(out.subarray(3, 53)).toBeBytes(text);
    out.fill(0xee);
    sealed[65]! ^= 1;
    expect(by(engine, () => aesGcmTryOpenInto(key, nonce, sealed, out, 3, aad))()).toBe(false);
    expect(out).toBeBytes(new Uint8Array(80).fill(0xee));
  });

  test("refuses what has no room, no tag or another length", () => {
    const [key, nonce, text, aad] = [noise(32), noise(12), noise(8), noise(0)];
    const sealed = aesGcmSeal(key, nonce, text);
    const refused = (code: string, action: () => unknown) =>
      expect(by(engine, action)).toThrow(expect.objectContaining({ code }));
    refused("space", () => aesGcmSealInto(key, nonce, text, new Uint8Array(23), 0, aad));
    refused("length", () => aesGcmSealInto(noise(31), nonce, text, new Uint8Array(24), 0, aad));
    refused("space", () => aesGcmTryOpenInto(key, nonce, sealed, new Uint8Array(8), 1, aad));
    refused("short", () => aesGcmTryOpenInto(key, nonce, noise(15), new Uint8Array(8), 0, aad));
    refused("length", () => aesGcmTryOpenInto(noise(31), nonce, sealed, new Uint8Array(8), 0, aad));
  });
});
