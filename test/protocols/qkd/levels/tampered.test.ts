/** Envelopes that were changed, cut, moved or sent again are refused, each with the reason that fits. */
import { beforeAll, describe, expect, it } from "vitest";
import { decodeEnvelope, encodeEnvelope, type Envelope } from "../../../../src/codec/gen/qkd/index.js";
import {
  fromJsonEnvelope,
  memoryLedger,
  toJsonEnvelope,
  type EnvelopeReason,
  type Opener,
  type OpenerOptions,
} from "../../../../src/protocols/qkd/levels/index.js";
import { fuzzed, scaled } from "../../../support/scale.js";
import { BOB, contentOf, fromAlice, KEYS, reasonOf, toBob, VARIANTS, World } from "./world.js";

/** Reasons with which a changed byte may be refused. */
const TAMPERED: readonly EnvelopeReason[] = [
  "MALFORMED",
  "UNSUPPORTED_VERSION",
  "TRUNCATED",
  "TRAILING_DATA",
  "TOO_LARGE",
  "LEVEL_MISMATCH",
  "WRONG_RECIPIENT",
  "UNKNOWN_SENDER",
  "EXPIRED",
  "FROM_FUTURE",
  "SIGNATURE_INVALID",
  "HEADER_TAMPERED",
  "CHUNK_TAMPERED",
  "KEY_UNAVAILABLE",
  "KEY_LENGTH",
  "PAD_TOO_SHORT",
];
const CHUNK_BYTES = 4096;
const CONTENT = contentOf(CHUNK_BYTES + 40);

describe.each(VARIANTS)("level $level, keys of a link: $isQuantum", ({ level, isQuantum }) => {
  // Long keys at level 1: fewer names, so that there are as many bytes of each kind.
  const world = new World(100 + 10 * level + Number(isQuantum), level === 1 ? 512 : undefined);
  let envelope: Uint8Array;
  let keys: ReadonlyMap<string, Uint8Array>;

  /** An opener that knows nothing yet, with the keys of the link there. */
  function fresh(options: Partial<OpenerOptions> = {}): Opener {
    world.redeliver(keys);
    return world.opener({ ledger: memoryLedger(), ...options });
  }
  const refusal = (bytes: Uint8Array, opener = fresh()) => reasonOf(opener.open(bytes, fromAlice(level)));
  const changed = (change: (value: Envelope) => void): Uint8Array => {
    const value = decodeEnvelope(envelope.slice());
    change(value);
    return encodeEnvelope(value);
  };

  beforeAll(async () => {
    const options = { ...toBob(level, isQuantum), chunkBytes: CHUNK_BYTES };
    envelope = await world.sealer().seal(CONTENT, options);
    keys = world.link.last;
  });

  it("opens where nothing was changed", async () => {
    expect(Buffer.compare((await fresh().open(envelope, fromAlice(level))).content, CONTENT)).toBe(0);
  });

  it("refuses each changed byte", async () => {
    // At level 3 a signature takes 4 ms to verify: every byte of it in `npm run fuzz`.
    const step = level < 3 ? 1 : fuzzed(level === 3 ? 61 : 23, 7, 1);
    for (let at = 0; at < envelope.length; at += step) {
      const bytes = envelope.slice();
      bytes[at]! ^= 1 << ((at + level) % 8);
      const reason = await refusal(bytes);
      expect(TAMPERED, `byte ${at}`).toContain(reason);
    }
  }, 600_000);

  it("refuses each truncation and whatever is appended", async () => {
    const step = scaled(level < 3 ? 37 : 311, 7);
    for (let length = 0; length < envelope.length; length += step) {
      expect(await refusal(envelope.subarray(0, length)), `${length} bytes`).toBe("TRUNCATED");
    }
    expect(await refusal(new Uint8Array([...envelope, 0]))).toBe("TRAILING_DATA");
  }, 120_000);

  it("refuses chunks that are dropped, moved or cut", async () => {
    expect(await refusal(changed((value) => void value.chunks.pop()))).toBe("TRUNCATED");
    expect(await refusal(changed((value) => void value.chunks.shift()))).toMatch(/TRUNCATED|CHUNK_TAMPERED/);
    expect(
      await refusal(
        changed((value) => {
          value.chunks.pop();
          value.chunks[0]!.isLast = true;
        }),
      ),
    ).toMatch(level === 1 ? /TRUNCATED/ : /CHUNK_TAMPERED/);
    expect(await refusal(changed((value) => void value.chunks.push(value.chunks[1]!)))).toBe("TRAILING_DATA");
  });

  it("refuses another level, also one that is asked for", async () => {
    for (const other of [1, 2, 3, 4] as const) {
      if (other === level) continue;
      expect(await reasonOf(fresh().open(envelope, fromAlice(other)))).toBe("LEVEL_MISMATCH");
    }
  });

  it("refuses another recipient and another sender", async () => {
    const mallory = "mallory@example.org";
    expect(await refusal(envelope, fresh({ recipient: mallory }))).toBe("WRONG_RECIPIENT");
    expect(await reasonOf(fresh().open(envelope, { ...fromAlice(level), sender: mallory }))).toBe("UNKNOWN_SENDER");
    const swapped = changed(({ header }) => void (header.fields.recipient = mallory));
    expect(await refusal(swapped)).toBe("WRONG_RECIPIENT");
    const proof = level < 3 ? "HEADER_TAMPERED" : "SIGNATURE_INVALID";
    expect(await refusal(swapped, fresh({ recipient: mallory }))).toBe(proof);
  });

  it("refuses what is too old or from the future", async () => {
    const then = world.env.nowMs;
    try {
      world.env.nowMs = then + 7 * 86_400_000;
      expect(await refusal(envelope)).toBe("nothing was refused");
      world.env.nowMs++;
      expect(await refusal(envelope)).toBe("EXPIRED");
      world.env.nowMs = then - 5 * 60_000;
      expect(await refusal(envelope)).toBe("nothing was refused");
      world.env.nowMs--;
      expect(await refusal(envelope)).toBe("FROM_FUTURE");
    } finally {
      world.env.nowMs = then;
    }
  });

  it("refuses a flow that was opened, also under another header", async () => {
    const opener = fresh();
    await opener.open(envelope, fromAlice(level));
    world.redeliver(keys);
    expect(await refusal(envelope, opener)).toBe("REPLAYED");
    expect(
      await refusal(
        changed(({ header }) => void header.fields.createdMs--),
        opener,
      ),
    ).toBe("REPLAYED");
  });

  it("opens one of two at a time", async () => {
    const opener = fresh();
    const both = await Promise.all([1, 2].map(() => reasonOf(opener.open(envelope, fromAlice(level)))));
    expect(both).toContain("nothing was refused");
    expect(both.filter((reason) => reason === "REPLAYED" || reason === "KEY_USED").length).toBe(1);
  });

  it.runIf(level > 2)("refuses a signature that is missing, forged, or of another sender", async () => {
    expect(await refusal(changed(({ header }) => void header.signature.fill(0)))).toBe("SIGNATURE_MISSING");
    const { signature: _, ...stripped } = toJsonEnvelope(envelope);
    expect(await reasonOf((async () => fromJsonEnvelope(stripped))())).toBe("SIGNATURE_MISSING");
    expect(await refusal(changed(({ header }) => void header.signature.fill(1)))).toBe("SIGNATURE_INVALID");
    const bobs = KEYS.bob[level - 3]!;
    expect(await reasonOf(fresh().open(envelope, { ...fromAlice(level), senderKeys: bobs.publicKeys }))).toBe(
      "UNKNOWN_SENDER",
    );
    // Bob signs as if he were Alice.
    const signed = changed(() => {});
    const value = decodeEnvelope(signed);
    const before = signed.length - value.chunks.reduce((sum, { ciphertext }) => sum + ciphertext.length + 20, 0);
    const forged = await bobs.algorithms.sign(signed.subarray(0, before - value.header.signature.length), world.env);
    expect(await refusal(changed(({ header }) => void (header.signature = forged)))).toBe("SIGNATURE_INVALID");
  });

  it.runIf(level > 2)("refuses an envelope without keys of the link where they are required", async () => {
    const opened = fresh().open(envelope, { ...fromAlice(level), requireQuantum: true });
    expect(await reasonOf(opened)).toBe(isQuantum ? "nothing was refused" : "LEVEL_MISMATCH");
  });
});

describe("a forger who names true keys", () => {
  /** An envelope of Alice, and one that was changed but names the same keys. */
  async function sealed() {
    const world = new World(7);
    const envelope = await world.sealer().seal(contentOf(50), toBob(2));
    const forged = envelope.slice();
    forged[forged.length - 20 - 50 - 1]! ^= 1;
    return { world, envelope, forged };
  }

  it("does not take them from the true envelope", async () => {
    const { world, envelope, forged } = await sealed();
    const opener = world.opener();
    for (let i = 0; i < 7; i++) expect(await reasonOf(opener.open(forged, fromAlice(2)))).toBe("HEADER_TAMPERED");
    expect(world.link.fetches).toBe(1);
    expect((await opener.open(envelope, fromAlice(2))).content.length).toBe(50);
  });

  it("has eight attempts, after which they are burnt", async () => {
    const { world, envelope, forged } = await sealed();
    const opener = world.opener();
    for (let i = 0; i < 8; i++) expect(await reasonOf(opener.open(forged, fromAlice(2)))).toBe("HEADER_TAMPERED");
    expect(await reasonOf(opener.open(envelope, fromAlice(2)))).toBe("KEY_USED");
  });

  it("does not find them after a day, nor after the opener was closed", async () => {
    for (const end of ["day", "close"]) {
      const { world, envelope, forged } = await sealed();
      const opener = world.opener();
      await reasonOf(opener.open(forged, fromAlice(2)));
      if (end === "day") world.env.nowMs += 86_400_000;
      else opener.close();
      expect(await reasonOf(opener.open(envelope, fromAlice(2)))).toBe("KEY_UNAVAILABLE");
    }
  });
});

describe("limits", () => {
  it("of the content hold on both sides", async () => {
    const world = new World();
    const limits = { padContentBytesMax: 100, contentBytesMax: 100 };
    for (const level of [1, 2] as const) {
      const sealing = world.sealer({ limits }).seal(contentOf(101), toBob(level));
      expect(await reasonOf(sealing)).toBe("TOO_LARGE");
      const envelope = await world.sealer().seal(contentOf(101), toBob(level));
      expect(await reasonOf(world.opener({ limits }).open(envelope, fromAlice(level)))).toBe("TOO_LARGE");
    }
  });

  it("of a pad that a header promises too short are seen before keys are fetched", async () => {
    const world = new World();
    const envelope = await world.sealer().seal(contentOf(10), toBob(1));
    const value = decodeEnvelope(envelope);
    value.header.fields.keys.pop();
    expect(await reasonOf(world.opener().open(encodeEnvelope(value), fromAlice(1)))).toBe("PAD_TOO_SHORT");
    expect(world.link.fetches).toBe(0);
  });
});

it("who opens without secret keys, or seals without the recipient's, hears so", async () => {
  const world = new World();
  const sealed = await world.sealer().seal(contentOf(1), toBob(3));
  await expect(world.opener({ secretKeys: [] }).open(sealed, fromAlice(3))).rejects.toMatchObject({ code: "argument" });
  await expect(world.sealer().seal(contentOf(1), { level: 3, recipient: BOB })).rejects.toMatchObject({
    code: "argument",
    path: "recipientKeys",
  });
});
