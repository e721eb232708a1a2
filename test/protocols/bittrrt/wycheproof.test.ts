/** Project Wycheproof's vectors of X25519 and AES-CBC. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FrameKey, KeyPair } from "../../../src/protocols/bittrrt/index.js";
import { fromHex, toHex } from "../../../src/bytes/index.js";
import { aesCbcEncrypt, aesCbcTryDecrypt, hkdfSha256 } from "../../../src/kernel/index.js";
import { utf8 } from "./vectors.js";

/** A test of Wycheproof. */
interface Case {
  readonly tcId: number;
  readonly result: "valid" | "invalid" | "acceptable";
}

type X25519Case = Case & { readonly public: string; readonly private: string; readonly shared: string };
type CbcCase = Case & { readonly key: string; readonly iv: string; readonly msg: string; readonly ct: string };

/** The folder of the vectors, which are not part of this repository. Kernel tests run those of HKDF and ChaCha20. */
const folder = process.env["SPECWIRE_WYCHEPROOF"];

function load<C extends Case>(name: string): readonly C[] {
  if (folder === undefined) return [];
  const text = readFileSync(join(folder, `${name}_test.json`), "utf8");
  return (JSON.parse(text) as { testGroups: { tests: C[] }[] }).testGroups.flatMap(({ tests }) => tests);
}

describe.skipIf(folder === undefined)("Wycheproof", () => {
  /**
   * RFC 7748 leaves open what Wycheproof calls "acceptable". Our policy: keys that are not in shortest form, that lie
   * on the twist or have their top bit set are computed as the RFC says; a shared secret of zeros is refused.
   */
  it("x25519: shared secrets are those of RFC 7748, and zero is refused", { timeout: 60_000 }, () => {
    const cases = load<X25519Case>("x25519");
    const random = (n: number): Uint8Array => new Uint8Array(n);
    const wrong = cases.filter(({ public: theirs, private: ours, shared }) => {
      const pair = new KeyPair(fromHex(ours));
      if (/^0*$/.test(shared)) return !refuses(() => pair.agree(fromHex(theirs), { random }));
      const info = utf8("bittrrt-chacha20poly1305");
      const expected = new FrameKey(hkdfSha256(fromHex(shared), { info, lengthBytes: 32 }), { random });
      const agreed = pair.agree(fromHex(theirs), { random });
      return toHex(agreed.seal(utf8("probe"))) !== toHex(expected.seal(utf8("probe")));
    });
    expect(cases.length).toBeGreaterThan(500);
    expect(wrong.map(({ tcId }) => tcId)).toEqual([]);
  });

  it("aes_cbc_pkcs5: texts are padded and encrypted, and wrong padding is refused", () => {
    const cases = load<CbcCase>("aes_cbc_pkcs5");
    const wrong = cases.filter(({ key, iv, msg, ct, result }) => {
      const opened = aesCbcTryDecrypt(fromHex(key), fromHex(iv), fromHex(ct));
      if (result === "invalid") return opened !== undefined;
      return toHex(aesCbcEncrypt(fromHex(key), fromHex(iv), fromHex(msg))) !== ct || toHex(opened!) !== msg;
    });
    expect(cases.length).toBeGreaterThan(200);
    expect(wrong.map(({ tcId }) => tcId)).toEqual([]);
  });
});

function refuses(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch {
    return true;
  }
}
