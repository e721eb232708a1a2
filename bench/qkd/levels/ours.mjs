/** Messages by our sealer and opener, with keys from memory. */
import { readFileSync } from "node:fs";
import { Opener, SecretKeys, Sealer, memoryLedger } from "specwire/qkd/levels";
import { env } from "specwire/qkd/levels/node";
import { QkdKey } from "specwire/qkd";
import { recordedKeys } from "./by-hand.mjs";

const [SENDER, RECIPIENT] = ["alice@example.org", "bob@example.org"];
const [masterSaeId, slaveSaeId] = ["sae-alice", "sae-bob"];
/** Bytes of each key at level 1, where a message takes many. */
const PAD_KEY_BYTES = 512;
/** Messages after which a ledger is thrown away, before it is full. */
const LEDGER_MESSAGES = 256;

/** Key bytes are the same each time: making them is no part of the question. Their ids are not. */
class MemoryLink {
  #bytes = env.random(PAD_KEY_BYTES);
  #count = 0;

  async encKeys({ number, sizeBytes }) {
    const keys = Array.from({ length: number }, () => this.#key(`key-${++this.#count}`, sizeBytes));
    return { masterSaeId, slaveSaeId, kmeId: "", keys };
  }

  async decKeys({ keyIds }) {
    return keyIds.map((keyId) => this.#key(keyId, this.sizeBytes));
  }

  #key(keyId, sizeBytes) {
    this.sizeBytes = sizeBytes;
    return new QkdKey({ keyId, masterSaeId, slaveSaeId, bytes: this.#bytes.slice(0, sizeBytes), clock: () => 0 });
  }
}

/** Seals and opens at a level. */
export async function ours(level) {
  const [alice, bob] = level > 2 ? [await keysOf(level, "alice"), await keysOf(level, "bob")] : [];
  const keys = new MemoryLink();
  let [count, sealer, opener] = [0];
  const renew = () => {
    const [sealing, opening] = [memoryLedger(), memoryLedger()];
    const keySizeBytes = level === 1 ? PAD_KEY_BYTES : 32;
    const own = (one) => (one === undefined ? {} : { secretKeys: [one] });
    sealer = new Sealer({ env, sender: SENDER, ledger: sealing, keys, keySizeBytes, ...own(alice) });
    opener = new Opener({ env, recipient: RECIPIENT, ledger: opening, keys, ...own(bob) });
  };
  return async (content) => {
    if (count++ % LEDGER_MESSAGES === 0) renew();
    const envelope = await sealer.seal(content, {
      level,
      recipient: RECIPIENT,
      ...(level < 3 ? { slaveSaeId } : { recipientKeys: bob.publicKeys }),
    });
    const expected = { level, sender: SENDER, ...(level > 2 && { senderKeys: alice.publicKeys }) };
    return (await opener.open(envelope, expected)).content;
  };
}

function keysOf(level, name) {
  return SecretKeys.read(readFileSync(recordedKeys(name, level), "utf8"));
}
