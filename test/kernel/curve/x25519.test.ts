/** X25519: the vectors of RFC 7748, refusals, and engines that agree. */
import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "../../../src/bytes/index.js";
import { isWireError } from "../../../src/errors.js";
import { X25519Key } from "../../../src/kernel/index.js";
import { by, describeEngines, noise } from "../engines.js";

// RFC 7748 §6.1.
const ALICE = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
const ALICE_PUBLIC = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
const BOB = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
const BOB_PUBLIC = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
const SHARED = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

describeEngines("x25519", (engine) => {
  test("gives the keys and the secret of RFC 7748", () => {
    by(engine, () => {
      const [alice, bob] = [new X25519Key(fromHex(ALICE)), new X25519Key(fromHex(BOB))];
      expect(toHex(alice.publicKey)).toBe(ALICE_PUBLIC);
      expect(toHex(bob.publicKey)).toBe(BOB_PUBLIC);
      expect(toHex(alice.agree(bob.publicKey))).toBe(SHARED);
      expect(toHex(bob.agree(alice.publicKey))).toBe(SHARED);
    })();
  });

  test("agrees with the other engines, and ignores the top bit of a public key", () => {
    for (let run = 1; run <= 5; run++) {
      const theirs = new X25519Key(noise(32, run)).publicKey;
      const secret = toHex(new X25519Key(noise(32, 100 + run)).agree(theirs));
      theirs[31]! |= 0x80;
      expect(toHex(by(engine, () => new X25519Key(noise(32, 100 + run)).agree(theirs))())).toBe(secret);
    }
  });

  test.each([
    "00".repeat(32),
    `01${"00".repeat(31)}`,
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  ])("refuses %s, a public key of low order", (hex) => {
    const agree = by(engine, () => new X25519Key(noise(32)).agree(fromHex(hex)));
    expect(agree).toThrow(expect.objectContaining({ code: "argument", path: "publicKey" }));
  });
});

describe("a key", () => {
  test("is copied, prints redacted, and throws once wiped", () => {
    const bytes = fromHex(ALICE);
    const key = new X25519Key(bytes);
    bytes.fill(0);
    expect(toHex(key.agree(fromHex(BOB_PUBLIC)))).toBe(SHARED);
    expect(`${key} ${JSON.stringify({ key })}`).toBe('[x25519 key, redacted] {"key":"[x25519 key, redacted]"}');
    key.wipe();
    expect(() => key.agree(fromHex(BOB_PUBLIC))).toThrow(expect.objectContaining({ code: "argument", path: "key" }));
  });

  test.each([0, 31, 33])("of %d bytes is refused, private or public", (length) => {
    const key = new X25519Key(noise(32));
    for (const call of [() => new X25519Key(noise(length)), () => key.agree(noise(length))]) {
      expect(call).toThrow(expect.objectContaining({ code: "length" }));
    }
    expect(isWireError(refusalOf(() => new X25519Key("key" as unknown as Uint8Array)))).toBe(true);
  });
});

function refusalOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}
