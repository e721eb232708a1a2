/** Recorded envelopes of the message levels: each is opened with its recorded keys. */
import { fromBase64 } from "../../protocols/qkd/levels/base64.js";
import {
  keysByHand,
  openQumail,
  sealQumail,
  memoryLedger,
  type KeySource,
  type Level,
} from "../../protocols/qkd/levels/index.js";
import type { Field } from "../field.js";
import { differences, type Case, type Outcome } from "../verdict.js";

const LINK = { masterSaeId: "alice", slaveSaeId: "bob" };
/** Why a recording with two envelopes under the same keys deviates. */
const TWO_TIME_PAD = "both envelopes open, and both have the same key ids: our writer refuses the second";

/** The case of an entry: one envelope, or two that were sealed with the same pad. */
export function envelopeCase(entry: Field): Case {
  const level = entry.get("level").integer(1, 4) as Level;
  const name = entry.get("name").text();
  const run = entry.get("envelopes").exists ? () => playTwice(entry, level) : () => playOne(entry, level);
  return { name, family: `envelope.${level}`, run };
}

/** Opens an envelope. */
async function playOne(entry: Field, level: Level): Promise<Outcome> {
  const found = await opened(entry, level, entry.get("envelope"), entry.get("plaintext"));
  return found.length === 0 ? { verdict: "equal" } : { verdict: "failed", differences: found };
}

async function opened(entry: Field, level: Level, envelope: Field, plaintext: Field): Promise<readonly string[]> {
  const secrets = entry.get("private_keys");
  const { content } = await openQumail(envelope.value, {
    level,
    keys: keysOf(entry),
    ...LINK,
    ...(level === 3 && { kemSecretKey: base64(secrets.get("kem_secret_key")) }),
    ...(level === 4 && { rsaPrivateKey: pkcs8Of(secrets.get("rsa_private_key")) }),
  });
  return differences(plaintext.path, new TextEncoder().encode(plaintext.text()), content);
}

/** Two envelopes under one pad: the evidence, and that we do not repeat it. */
async function playTwice(entry: Field, level: Level): Promise<Outcome> {
  const [envelopes, plaintexts] = [entry.get("envelopes").items(), entry.get("plaintexts").items()];
  const texts = plaintexts.map((one) => new TextEncoder().encode(one.text()));
  const ciphertexts = envelopes.map((one) => base64(one.get("encrypted_content")));
  const ids = envelopes.map((one) => JSON.stringify(one.get("metadata").get("key_fragments").value));
  const found: string[] = [];
  for (const [i, envelope] of envelopes.entries()) {
    found.push(...(await opened(entry, level, envelope, plaintexts[i] ?? entry.get("plaintexts"))));
  }
  found.push(...differences("c1 ^ c2", xorOf(texts), xorOf(ciphertexts)));
  if (ids[0] !== ids[1]) found.push("key_fragments: expected the same ids twice");
  if (!(await isRefusedTwice(entry, texts))) found.push("writer: the pad was used twice");
  if (found.length > 0) return { verdict: "failed", differences: found };
  return { verdict: "deviates", rule: "levels.two-time-pad", reason: TWO_TIME_PAD };
}

/** Whether our writer seals once with keys that it is given, and not again when it is given them again. */
async function isRefusedTwice(entry: Field, texts: readonly Uint8Array[]): Promise<boolean> {
  const env = { random: (n: number) => new Uint8Array(n).fill(7), unixNs: () => 0n };
  const ledger = memoryLedger();
  const seal = (content: Uint8Array) =>
    sealQumail(content, {
      level: 1,
      env,
      ledger,
      keys: keysOf(entry),
      sender: "a@x",
      recipient: "b@x",
      slaveSaeId: LINK.slaveSaeId,
    });
  await seal(texts[0]!);
  try {
    await seal(texts[1]!);
    return false;
  } catch (error) {
    return (error as { readonly reason?: string }).reason === "KEY_USED";
  }
}

function keysOf(entry: Field): KeySource {
  const keys = entry.get("keys").members();
  return keysByHand({ ...LINK, keys: keys.map(([keyId, key]) => ({ keyId, bytes: base64(key) })) });
}

function base64(field: Field): Uint8Array {
  const bytes = fromBase64(field.text());
  if (bytes === undefined) throw field.refuse("base64");
  return bytes;
}

/** The DER of a private key that is recorded as base64 of its PEM. */
function pkcs8Of(field: Field): Uint8Array {
  const pem = new TextDecoder().decode(base64(field));
  const der = fromBase64(pem.replace(/-----[A-Z ]+-----|\s/g, ""));
  if (der === undefined) throw field.refuse("base64 of a PEM");
  return der;
}

function xorOf([a, b]: readonly Uint8Array[]): Uint8Array {
  return (a ?? new Uint8Array(0)).map((byte, i) => byte ^ (b?.[i] ?? 0));
}
