/** X25519, by each engine. */
import { expect, test } from "vitest";
import { fromHex, toHex } from "../../../src/bytes/index.js";
import { X25519 } from "../../../src/kernel/curve/x25519.js";
import { describeEngines, noise } from "../engines.js";

/** The example of RFC 7748, section 6.1. */
const ALICE = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
const ALICE_PUBLIC = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
const BOB = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
const BOB_PUBLIC = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
const SECRET = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

const noble = X25519.engine("noble")!;

describeEngines("x25519", (name) => {
  const { prepare } = X25519.engine(name)!;

  test("gives the public keys and the secret of RFC 7748", () => {
    const [alice, bob] = [prepare(fromHex(ALICE)), prepare(fromHex(BOB))];
    expect(toHex(alice.publicKey())).toBe(ALICE_PUBLIC);
    expect(toHex(bob.publicKey())).toBe(BOB_PUBLIC);
    expect(toHex(alice.agree(fromHex(BOB_PUBLIC))!)).toBe(SECRET);
    expect(toHex(bob.agree(fromHex(ALICE_PUBLIC))!)).toBe(SECRET);
  });

  test("agrees with noble on drawn keys, as plain arrays", () => {
    for (let run = 1; run <= 20; run++) {
      const [ours, theirs] = [noise(32, run), noise(32, 100 + run)];
      expect(prepare(ours).publicKey()).toBeBytes(noble.prepare(ours).publicKey());
      // A drawn public key often has its top bit set, which is ignored.
      expect(prepare(ours).agree(theirs)!).toBeBytes(noble.prepare(ours).agree(theirs)!);
    }
  });

  test("refuses a public key of low order", () => {
    expect(prepare(noise(32)).agree(new Uint8Array(32))).toBeUndefined();
  });
});
