/** Project Wycheproof's vectors of ML-KEM-1024, ML-DSA-87, RSA-OAEP and RSA-PSS. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../../../../src/bytes/index.js";
import {
  mlDsa87Verify,
  mlKem1024Decapsulate,
  mlKem1024Encapsulate,
  mlKem1024KeyPair,
} from "../../../../src/kernel/post-quantum/index.js";
import { OAEP, oaepDecrypt, PSS, pssVerify, rsaKey } from "../../../../src/kernel/rsa/rsa-4096.js";

type Case = Readonly<Record<string, string>> & { readonly tcId: number; readonly result: string };
type Group = Readonly<Record<string, string>> & { readonly tests: readonly Case[] };

/** The folder of the vectors, which are not part of this repository. Kernel tests run those of AES-GCM and HKDF. */
const folder = process.env["SPECWIRE_WYCHEPROOF"];

function load(name: string): { readonly count: number; readonly groups: readonly Group[] } {
  if (folder === undefined) return { count: 0, groups: [] };
  const text = readFileSync(join(folder, `${name}_test.json`), "utf8");
  const { numberOfTests, testGroups } = JSON.parse(text) as { numberOfTests: number; testGroups: Group[] };
  return { count: numberOfTests, groups: testGroups };
}

/** The numbers of cases of a file that do not end as it says. */
async function wrongOf(
  groups: readonly Group[],
  isAccepted: (one: Case, group: Group) => boolean | Promise<boolean>,
): Promise<readonly number[]> {
  const wrong: number[] = [];
  for (const group of groups) {
    for (const one of group.tests) {
      if ((await isAccepted(one, group)) !== (one.result === "valid")) wrong.push(one.tcId);
    }
  }
  return wrong;
}

/** Whether work ends with true; false where it throws. */
function holds(work: () => boolean): boolean {
  try {
    return work();
  } catch {
    return false;
  }
}

const [kem, encaps, decaps, dsa, oaep, pss] = [
  load("mlkem_1024"),
  load("mlkem_1024_encaps"),
  load("mlkem_1024_semi_expanded_decaps"),
  load("mldsa_87_verify"),
  load("rsa_oaep_4096_sha256_mgf1sha256"),
  load("rsa_pss_4096_sha256_mgf1_32"),
] as const;

describe.skipIf(folder === undefined)("Wycheproof", () => {
  it(`${kem.count} cases of mlkem_1024: keys of seeds, and secrets of ciphertexts`, async () => {
    const isAccepted = ({ seed, ek, c, K }: Case): boolean =>
      holds(() => {
        const { publicKey, secretKey } = mlKem1024KeyPair(fromHex(seed!));
        return toHex(publicKey) === ek && toHex(mlKem1024Decapsulate(fromHex(c!), secretKey)) === K;
      });
    expect(await wrongOf(kem.groups, isAccepted)).toEqual([]);
  });

  it(`${encaps.count} cases of mlkem_1024_encaps: secrets for public keys`, async () => {
    const isAccepted = ({ m, ek, c, K }: Case): boolean =>
      holds(() => {
        const { ciphertext, sharedSecret } = mlKem1024Encapsulate(fromHex(ek!), fromHex(m!));
        return toHex(ciphertext) === c && toHex(sharedSecret) === K;
      });
    expect(await wrongOf(encaps.groups, isAccepted)).toEqual([]);
  });

  it(`${decaps.count} cases of mlkem_1024_semi_expanded_decaps: secret keys that are consistent`, async () => {
    const isAccepted = ({ dk, c, K }: Case): boolean =>
      holds(() => toHex(mlKem1024Decapsulate(fromHex(c!), fromHex(dk!))) === K);
    expect(await wrongOf(decaps.groups, isAccepted)).toEqual([]);
  });

  it(`${dsa.count} cases of mldsa_87_verify`, async () => {
    const isAccepted = ({ msg, sig, ctx }: Case, { publicKey }: Group): boolean =>
      holds(() => mlDsa87Verify(fromHex(sig!), fromHex(msg!), fromHex(publicKey!), fromHex(ctx ?? "")));
    expect(await wrongOf(dsa.groups, isAccepted)).toEqual([]);
  }, 120_000);

  it(`${oaep.count} cases of rsa_oaep_4096_sha256_mgf1sha256`, async () => {
    const isAccepted = async ({ ct, label, msg }: Case, { privateKeyPkcs8 }: Group): Promise<boolean> => {
      const key = await rsaKey("pkcs8", fromHex(privateKeyPkcs8!), OAEP, "key");
      const opened = await oaepDecrypt(key, fromHex(ct!), fromHex(label!));
      return opened !== undefined && toHex(opened) === msg;
    };
    expect(await wrongOf(oaep.groups, isAccepted)).toEqual([]);
  });

  it(`${pss.count} cases of rsa_pss_4096_sha256_mgf1_32`, async () => {
    const isAccepted = async ({ msg, sig }: Case, { publicKeyDer }: Group): Promise<boolean> => {
      const key = await rsaKey("spki", fromHex(publicKeyDer!), PSS, "key");
      return pssVerify(key, fromHex(sig!), fromHex(msg!), 32);
    };
    expect(await wrongOf(pss.groups, isAccepted)).toEqual([]);
  });
});
