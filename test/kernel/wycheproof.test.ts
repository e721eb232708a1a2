/** Vectors of Project Wycheproof, if SPECWIRE_WYCHEPROOF names their folder. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { concatBytes, fromHex, toHex } from "../../src/bytes/index.js";
import {
  aesGcmSeal,
  aesGcmTryOpen,
  chacha20Poly1305Seal,
  chacha20Poly1305TryOpen,
  hkdfSha256,
  hmacSha256,
  HmacSha256Key,
} from "../../src/kernel/index.js";
import { by, describeEngines } from "./engines.js";

/** A file of test vectors. */
interface Suite<Case> {
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    readonly ivSize: number;
    readonly tagSize: number;
    readonly tests: readonly (Case & { readonly tcId: number; readonly result: "valid" | "invalid" })[];
  }[];
}

type Hex<Name extends string> = { readonly [name in Name]: string };
type MacCase = Hex<"key" | "msg" | "tag">;
type HkdfCase = Hex<"ikm" | "salt" | "info" | "okm"> & { readonly size: number };
type AeadCase = Hex<"key" | "iv" | "aad" | "msg" | "ct" | "tag">;

/** The test vectors are not part of this repository. */
const folder = process.env.SPECWIRE_WYCHEPROOF;

if (folder === undefined) process.stdout.write("Wycheproof is skipped: SPECWIRE_WYCHEPROOF names no folder\n");

function load<Case>(name: string): Suite<Case> {
  if (folder === undefined) return { numberOfTests: 0, testGroups: [] };
  return JSON.parse(readFileSync(join(folder, `${name}_test.json`), "utf8")) as Suite<Case>;
}

describe.skipIf(folder === undefined)("Wycheproof", () => {
  macSuite(load<MacCase>("hmac_sha256"));
  hkdfSuite(load<HkdfCase>("hkdf_sha256"));
  aeadSuite("aes-gcm", aesGcmSeal, aesGcmTryOpen, load<AeadCase>("aes_gcm"));
  aeadSuite("chacha20-poly1305", chacha20Poly1305Seal, chacha20Poly1305TryOpen, load<AeadCase>("chacha20_poly1305"));
});

function macSuite(suite: Suite<MacCase>): void {
  describeEngines("hmac-sha256", (engine) => {
    test(`${suite.numberOfTests} cases of hmac_sha256`, () => {
      const wrong = suite.testGroups.flatMap(({ tagSize, tests }) =>
        tests.filter(({ key, msg, tag, result }) => {
          const whole = by(engine, hmacSha256)(fromHex(key), fromHex(msg));
          const matches = toHex(whole.subarray(0, tagSize / 8)) === tag;
          const handle = new HmacSha256Key(fromHex(key));
          const verified = by(engine, () => handle.verify(fromHex(msg), fromHex(tag)))();
          return matches !== (result === "valid") || verified !== (matches && tagSize === 256);
        }),
      );
      expect(wrong).toEqual([]);
    });
  });
}

function hkdfSuite(suite: Suite<HkdfCase>): void {
  describeEngines("hmac-sha256", (engine) => {
    test(`${suite.numberOfTests} cases of hkdf_sha256`, () => {
      const derived = ({ ikm, salt, info, size }: HkdfCase) => {
        try {
          return toHex(
            by(engine, hkdfSha256)(fromHex(ikm), { salt: fromHex(salt), info: fromHex(info), lengthBytes: size }),
          );
        } catch (error) {
          return (error as { code: string }).code;
        }
      };
      const wrong = suite.testGroups.flatMap(({ tests }) =>
        tests.filter((vector) => derived(vector) !== (vector.result === "valid" ? vector.okm : "argument")),
      );
      expect(wrong).toEqual([]);
    });
  });
}

function aeadSuite(
  name: "aes-gcm" | "chacha20-poly1305",
  seal: typeof aesGcmSeal,
  tryOpen: typeof aesGcmTryOpen,
  suite: Suite<AeadCase>,
): void {
  // Some cases of AES-GCM have a valid nonce of another length than 96 bits; specwire refuses all of them.
  const cases = suite.testGroups.flatMap(({ ivSize, tests }) => tests.map((vector) => ({ ...vector, ivSize })));
  const regular = cases.filter(({ ivSize }) => ivSize === 96);
  const irregular = cases.filter(({ ivSize }) => ivSize !== 96);

  describeEngines(name, (engine) => {
    test(`${regular.length} cases with a nonce of 96 bits`, () => {
      const wrong = regular.filter(({ key, iv, aad, msg, ct, tag, result }) => {
        const [keyBytes, nonce, aadBytes] = [fromHex(key), fromHex(iv), fromHex(aad)];
        const opened = by(engine, tryOpen)(keyBytes, nonce, concatBytes(fromHex(ct), fromHex(tag)), aadBytes);
        if (result === "invalid") return opened.ok;
        const sealed = by(engine, seal)(keyBytes, nonce, fromHex(msg), aadBytes);
        return !opened.ok || toHex(opened.value) !== msg || toHex(sealed) !== ct + tag;
      });
      expect(wrong).toEqual([]);
    });

    test(`${irregular.length} cases with another nonce, refused`, () => {
      for (const { key, iv, aad, ct, tag } of irregular) {
        const open = () =>
          by(engine, tryOpen)(fromHex(key), fromHex(iv), concatBytes(fromHex(ct), fromHex(tag)), fromHex(aad));
        expect(open).toThrow(expect.objectContaining({ code: "length", path: "nonce" }));
      }
    });
  });
}
