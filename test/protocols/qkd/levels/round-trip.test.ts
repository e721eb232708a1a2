/** Envelopes are opened as they were sealed, at every level and length, and have the size that their layout gives. */
import { describe, expect, it } from "vitest";
import { decodeEnvelope, encodeEnvelope } from "../../../../src/codec/gen/qkd/index.js";
import { fromJsonEnvelope, toJsonEnvelope } from "../../../../src/protocols/qkd/levels/index.js";
import { loadKaitai, streamOf } from "../../../support/generate.js";
import { ALICE, BOB, contentOf, fromAlice, KEYS, reasonOf, toBob, VARIANTS, World } from "./world.js";

const LENGTHS = [0, 1, 255, 4095, 4096, 4097, 8192, 20_000];

describe.each(VARIANTS)("level $level, keys of a link: $isQuantum", ({ level, isQuantum }) => {
  const world = new World(10 * level + Number(isQuantum));
  const [sealer, opener] = [world.sealer(), world.opener()];
  const seal = (content: Uint8Array, chunkBytes = 4096) =>
    sealer.seal(content, { ...toBob(level, isQuantum), chunkBytes });

  it("opens what it has sealed", async () => {
    for (const length of LENGTHS) {
      const content = contentOf(length);
      const opened = await opener.open(await seal(content), fromAlice(level));
      expect(opened).toMatchObject({ level, sender: ALICE, recipient: BOB, hasLinkKeys: isQuantum });
      expect(opened.createdMs).toBe(world.env.nowMs);
      expect(Buffer.compare(opened.content, content)).toBe(0);
      expect(world.link.undelivered.size).toBe(0);
    }
  });

  it("lays out what its codec and the official compiler read to the end", async () => {
    const Envelope = await kaitaiEnvelope();
    for (const length of LENGTHS.slice(0, 6)) {
      const envelope = await seal(contentOf(length));
      const value = decodeEnvelope(envelope);
      expect(value.chunks.reduce((sum, { ciphertext }) => sum + ciphertext.length, 0)).toBe(length);
      expect(Buffer.compare(encodeEnvelope(value), envelope)).toBe(0);
      const stream = streamOf(envelope) as { isEof(): boolean };
      const theirs = new Envelope(stream, null, null) as { header: { headerTag: Uint8Array }; chunks: unknown[] };
      expect(theirs.chunks.length).toBe(value.chunks.length);
      expect(Buffer.compare(theirs.header.headerTag, value.header.headerTag)).toBe(0);
      expect(stream.isEof()).toBe(true);
    }
  });

  it("has the same bytes in JSON", async () => {
    const envelope = await seal(contentOf(5000));
    const json = JSON.stringify(toJsonEnvelope(envelope));
    expect(Buffer.compare(fromJsonEnvelope(json), envelope)).toBe(0);
    const opened = await opener.open(fromJsonEnvelope(JSON.parse(json)), fromAlice(level));
    expect(Buffer.compare(opened.content, contentOf(5000))).toBe(0);
  });

  it("refuses it a second time", async () => {
    const envelope = await seal(contentOf(100));
    await opener.open(envelope, fromAlice(level));
    expect(await reasonOf(opener.open(envelope, fromAlice(level)))).toBe("REPLAYED");
    const again = opener.open(envelope, { ...fromAlice(level), allowReplay: true });
    if (isQuantum) expect(await reasonOf(again)).toBe("KEY_USED");
    else expect((await again).content.length).toBe(100);
  });
});

/** The class of envelopes that the official compiler makes. */
async function kaitaiEnvelope() {
  return (await loadKaitai("spec/qkd/envelopes.ksy"))["Envelopes"]!["Envelope"]!;
}

describe("one chunk", () => {
  // Two UUIDs as key ids, addresses of 17 and 15 bytes, SAE ids and a KME id: the fixed part with its texts.
  const TEXTS = 17 + 15 + 36 + 36 + 5;
  const FIXED = 12 + 24 + 5 + 2 + TEXTS;
  const NAMES = 2 * (1 + 36 + 2);
  const CHUNK = 4 + 16;
  it.each([
    [2, true, FIXED + NAMES + 32 + 32 + CHUNK],
    [3, true, FIXED + NAMES + 96 + 1568 + 32 + 4627 + CHUNK],
    [3, false, FIXED - 36 - 36 - 5 + 96 + 1568 + 32 + 4627 + CHUNK],
    [4, true, FIXED + NAMES + 96 + 512 + 32 + 512 + CHUNK],
    [4, false, FIXED - 36 - 36 - 5 + 96 + 512 + 32 + 512 + CHUNK],
  ] as const)("at level %i, keys of a link: %s, costs %i bytes", async (level, isQuantum, bytes) => {
    const envelope = await new World().sealer().seal(contentOf(10), toBob(level, isQuantum));
    expect(envelope.length - 10).toBe(bytes);
  });
});

describe("a one-time pad", () => {
  it("takes exactly as many key bytes as the content, its tags and their key have", async () => {
    for (const [length, chunks] of [
      [0, 1],
      [1, 1],
      [4096, 1],
      [4097, 2],
      [12_288, 3],
    ] as const) {
      const needed = length + 32 + 16 * chunks;
      const world = new World(length);
      const sealer = world.sealer({ keySizeBytes: 1 });
      await sealer.seal(contentOf(length), { ...toBob(1), chunkBytes: 4096 });
      expect(world.link.last.size).toBe(needed);
      const tooFew = {
        ...world.link,
        encKeys: async (request: { slaveSaeId: string }) => ({
          masterSaeId: "a",
          slaveSaeId: request.slaveSaeId,
          kmeId: "",
          keys: [],
        }),
        decKeys: async () => [],
      };
      const short = world.sealer({ keys: tooFew }).seal(contentOf(length), toBob(1));
      expect(await reasonOf(short)).toBe("PAD_TOO_SHORT");
    }
  });

  it("with long keys, the rest of the last one is never used", async () => {
    const world = new World(3, 512);
    const opener = world.opener();
    for (let i = 0; i < 3; i++) {
      const opened = await opener.open(await world.sealer().seal(contentOf(1000), toBob(1)), fromAlice(1));
      expect(Buffer.compare(opened.content, contentOf(1000))).toBe(0);
      expect(world.link.last.size).toBe(3);
    }
  });
});

describe("public keys", () => {
  it("of a fresh RSA pair seal and open", async () => {
    const { SecretKeys } = await import("../../../../src/protocols/qkd/levels/index.js");
    const env = (await import("../../../../src/host/index.js")).systemEnv;
    const fresh = await SecretKeys.generate(4, BOB, env);
    expect(fresh.publicKeys.fingerprint).not.toBe(KEYS.bob[1].publicKeys.fingerprint);
    const world = new World();
    const sealed = await world.sealer().seal(contentOf(9), { ...toBob(4), recipientKeys: fresh.publicKeys });
    const opened = await world.opener({ secretKeys: [fresh] }).open(sealed, fromAlice(4));
    expect(Buffer.compare(opened.content, contentOf(9))).toBe(0);
    expect(await reasonOf(world.opener().open(sealed, fromAlice(4)))).toBe("WRONG_RECIPIENT");
  }, 120_000);
});
