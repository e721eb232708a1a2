/** Envelopes of QuMail: our writer is read by our reader, and whatever is missing or differs is refused. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  keysByHand,
  memoryLedger,
  openQumail,
  sealQumail,
  type Level,
  type OpenQumailOptions,
} from "../../../../src/protocols/qkd/levels/index.js";
import { fromBase64 } from "../../../../src/protocols/qkd/levels/base64.js";
import { ALICE, ALICE_SAE, BOB, BOB_SAE, contentOf, Link, reasonOf, TestEnv } from "./world.js";

interface Entry {
  readonly name: string;
  readonly level: Level;
  readonly plaintext?: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly private_keys?: Readonly<Record<string, string>>;
  readonly envelope?: Envelope;
}
interface Envelope {
  [member: string]: unknown;
  metadata: Record<string, unknown>;
}

const seed = new URL("../../../../seeds/qkd/vectors.json", import.meta.url);
const entries = (JSON.parse(readFileSync(seed, "utf8")) as { envelopes: Entry[] }).envelopes.filter(
  ({ envelope }) => envelope !== undefined,
);

/** What opens a recorded envelope. */
function optionsOf({ level, keys, private_keys }: Entry): OpenQumailOptions {
  const link = { masterSaeId: ALICE_SAE, slaveSaeId: BOB_SAE };
  const given = Object.entries(keys).map(([keyId, key]) => ({ keyId, bytes: fromBase64(key)! }));
  const pem = private_keys?.["rsa_private_key"];
  return {
    level,
    ...link,
    keys: keysByHand({ ...link, keys: given }),
    ...(level === 3 && { kemSecretKey: fromBase64(private_keys!["kem_secret_key"]!)! }),
    ...(pem && { rsaPrivateKey: fromBase64(atob(pem).replace(/-----[A-Z ]+-----|\s/g, ""))! }),
  };
}

describe.each(entries)("$name", (entry) => {
  const refusal = (change: (envelope: Envelope) => void): Promise<string> => {
    const envelope = structuredClone(entry.envelope!);
    change(envelope);
    return reasonOf(openQumail(envelope, optionsOf(entry)));
  };

  it("opens, from text too, and does not say that the sender is proven", async () => {
    const opened = await openQumail(JSON.stringify(entry.envelope), optionsOf(entry));
    expect(new TextDecoder().decode(opened.content)).toBe(entry.plaintext);
    expect(opened).toMatchObject({ senderAuthenticated: false, sender: ALICE, recipient: BOB });
  });

  it("is refused without its tag, in either place", async () => {
    expect(await refusal((one) => delete one["auth_tag"])).toBe("TAG_MISSING");
    expect(await refusal((one) => void (one["auth_tag"] = null))).toBe("TAG_MISSING");
    expect(await refusal((one) => delete one.metadata["auth_tag"])).toBe("TAG_MISSING");
  });

  it("is refused without its signature, in either place", async () => {
    if (entry.level < 3) return;
    expect(await refusal((one) => delete one["signature"])).toBe("SIGNATURE_MISSING");
    expect(await refusal((one) => delete one.metadata["signature"])).toBe("SIGNATURE_MISSING");
  });

  it("is refused where a byte of ciphertext, tag or signature differs", async () => {
    for (const name of ["encrypted_content", "auth_tag", "signature"]) {
      const text = entry.envelope![name];
      if (typeof text !== "string" || text === "") continue;
      const other = (text[0] === "A" ? "B" : "A") + text.slice(1);
      const reason = await refusal((one) => {
        one[name] = other;
        if (one.metadata[name] !== undefined) one.metadata[name] = other;
      });
      expect(reason).toMatch(/TAMPERED|SIGNATURE_INVALID/);
    }
  });

  it("is refused where what is said twice differs, or a field is missing", async () => {
    expect(await refusal((one) => void (one.metadata["auth_tag"] = "AAAA"))).toBe("MALFORMED");
    for (const name of Object.keys(entry.envelope!.metadata)) {
      const isFree = /^private_key_ref|^pqc_(algorithms|library)$|enhanced$|^one_time|^etsi|^synchron|^chunk_size/.test(
        name,
      );
      if (isFree || name === "auth_tag" || name === "signature") continue;
      const reason = await refusal((one) => delete one.metadata[name]);
      expect(`${name}: ${reason}`).toMatch(/MALFORMED|LEVEL_MISMATCH/);
    }
  });

  it("is refused at another level", async () => {
    const level = ((entry.level % 4) + 1) as Level;
    expect(await reasonOf(openQumail(entry.envelope, { ...optionsOf(entry), level }))).toBe("LEVEL_MISMATCH");
  });

  it("has its keys used once, if a ledger remembers them", async () => {
    if (Object.keys(entry.keys).length === 0) return;
    const ledger = memoryLedger();
    await openQumail(entry.envelope, { ...optionsOf(entry), ledger });
    expect(await reasonOf(openQumail(entry.envelope, { ...optionsOf(entry), ledger }))).toBe("KEY_USED");
  });
});

it("made-up post-quantum keys are refused, and another address in the additional data", async () => {
  const [third, fourth] = [3, 4].map((level) => entries.find((entry) => entry.level === level)!);
  const placeholder = structuredClone(third!.envelope!);
  placeholder.metadata["pqc_library"] = "placeholder";
  expect(await reasonOf(openQumail(placeholder, optionsOf(third!)))).toBe("PLACEHOLDER");
  const other = structuredClone(fourth!.envelope!);
  other.metadata["sender_email"] = "mallory@example.org";
  expect(await reasonOf(openQumail(other, optionsOf(fourth!)))).toBe("AAD_MISMATCH");
});

describe.each([1, 2] as const)("our writer at level %i", (level) => {
  const env = new TestEnv(level);
  const link = new Link(env);
  const ledger = memoryLedger();
  const seal = (content: Uint8Array, keysMax?: number) =>
    sealQumail(content, {
      level,
      env,
      ledger,
      keys: link,
      sender: ALICE,
      recipient: BOB,
      slaveSaeId: BOB_SAE,
      ...(keysMax && { keysMax }),
    });

  it("is read by our reader, at every length", async () => {
    for (const length of [0, 1, 31, 32, 33, 1000, 4064]) {
      const envelope = await seal(contentOf(length));
      const opened = await openQumail(JSON.parse(JSON.stringify(envelope)), {
        level,
        keys: link,
        masterSaeId: ALICE_SAE,
        slaveSaeId: BOB_SAE,
      });
      expect(Buffer.compare(opened.content, contentOf(length))).toBe(0);
    }
  });

  it("has the members that the recorded ones have", async () => {
    const recorded = entries.find((entry) => entry.level === level)!.envelope!;
    const envelope = await seal(contentOf(5));
    expect(Object.keys(envelope).sort()).toEqual(Object.keys(recorded).sort());
    expect(Object.keys(envelope.metadata).sort()).toEqual(Object.keys(recorded.metadata).sort());
  });

  it.runIf(level === 1)("refuses more than 4064 bytes, unless the key manager gives more keys", async () => {
    expect(await reasonOf(seal(contentOf(4065)))).toBe("TOO_LARGE");
    expect((await seal(contentOf(4065), 1000)).metadata["key_fragment_count"]).toBe(129);
  });
});
