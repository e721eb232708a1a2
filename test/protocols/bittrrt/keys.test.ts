/** X25519 key pairs and session keys. */
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../../../src/bytes/index.js";
import { FrameKey, KeyPair } from "../../../src/protocols/bittrrt/index.js";
import { utf8, vectorsOf } from "./vectors.js";

const random = (n: number): Uint8Array => new Uint8Array(n).fill(9);

describe("an agreement", () => {
  it.each(vectorsOf("dh"))("$name gives the recorded key on both sides", ({ inputs, key_hex, output_hex }) => {
    const client = new KeyPair(fromHex(inputs["client_private_hex"]!));
    const recorded = new FrameKey(fromHex(key_hex), { random });
    const datagram = recorded.seal(utf8("which key?"));
    const agreed = client.agree(fromHex(inputs["server_public_hex"]!), { random });
    expect(agreed.tryOpen(datagram).ok).toBe(true);
    const serverPrivate = inputs["server_private_hex"];
    if (serverPrivate === undefined) return;
    expect(toHex(client.publicKey)).toBe(inputs["client_public_hex"]);
    const server = new KeyPair(fromHex(serverPrivate));
    const theirs = server.agree(client.publicKey, { random });
    expect(theirs.tryOpen(datagram).ok).toBe(true);
    expect(theirs.open(fromHex(output_hex)).plaintext).toEqual(utf8("after-dh"));
  });

  it.each(vectorsOf("dh_error"))("$name is refused", ({ inputs }) => {
    const pair = new KeyPair(fromHex(inputs["private_hex"]!));
    const peer = fromHex(inputs["peer_public_hex"]!);
    const code = peer.length === 32 ? "argument" : "length";
    expect(() => pair.agree(peer, { random })).toThrow(expect.objectContaining({ code, path: "publicKey" }));
  });

  // Every point of small order, also encoded above p (RFC 7748, section 6.1; p = 2^255 - 19).
  it.each([
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  ])("with %s is refused, whatever its top bit", (hex) => {
    const pair = KeyPair.generate(random);
    for (const top of [0, 0x80]) {
      const peer = fromHex(hex);
      peer[31]! |= top;
      expect(() => pair.agree(peer, { random })).toThrow(expect.objectContaining({ code: "argument" }));
    }
  });
});

describe("a pair", () => {
  it("prints redacted, and throws once wiped", () => {
    const pair = new KeyPair(new Uint8Array(32).fill(0xab));
    for (const text of [String(pair), JSON.stringify({ pair }), inspect(pair)]) expect(text).not.toContain("171");
    const peer = KeyPair.generate(random).publicKey;
    pair.wipe();
    expect(() => pair.agree(peer, { random })).toThrow(expect.objectContaining({ code: "argument" }));
  });

  it("refuses a private key of another length", () => {
    expect(() => new KeyPair(new Uint8Array(31))).toThrow(expect.objectContaining({ code: "length" }));
  });

  it("copies its private key", () => {
    const privateKey = new Uint8Array(32).fill(3);
    const pair = new KeyPair(privateKey);
    const peer = KeyPair.generate(random);
    privateKey.fill(0);
    const ours = pair.agree(peer.publicKey, { random });
    const theirs = peer.agree(pair.publicKey, { random });
    expect(theirs.open(ours.seal(utf8("x"))).plaintext).toEqual(utf8("x"));
  });
});
