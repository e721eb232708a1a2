/** Streams: content that comes in parts of any length, is stopped, or ends too early. */
import { describe, expect, it } from "vitest";
import { readHeader, type OpenedStream } from "../../../../src/protocols/qkd/levels/index.js";
import { Random } from "../../../../src/testing/index.js";
import { contentOf, fromAlice, joinedOf, reasonOf, toBob, VARIANTS, World } from "./world.js";

const CHUNK_BYTES = 4096;

/** Bytes in parts of drawn lengths, some of them empty. */
async function* partsOf(bytes: Uint8Array, random: Random): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const length = random.pick([0, 1, random.below(20), random.below(5000), random.below(20_000)]);
    yield bytes.slice(at, at + length);
    at += length;
  }
}

describe.each(VARIANTS)("level $level, keys of a link: $isQuantum", ({ level, isQuantum }) => {
  const world = new World(200 + 10 * level + Number(isQuantum), 512);
  const [sealer, opener] = [world.sealer(), world.opener()];
  const options = { ...toBob(level, isQuantum), chunkBytes: CHUNK_BYTES };
  const sealed = async (content: Uint8Array, random = new Random(1, "parts")) =>
    joinedOf(sealer.sealStream(partsOf(content, random), { ...options, sizeBytes: content.length }));

  it("is sealed and opened however it is cut", async () => {
    const random = new Random(level, "cuts");
    for (const length of [0, 1, 4095, 4096, 4097, 8192, 30_000]) {
      const content = contentOf(length);
      const envelope = await sealed(content, random);
      const opened = await opener.openStream(partsOf(envelope, random), fromAlice(level));
      expect(opened.isComplete).toBe(false);
      expect(Buffer.compare(await joinedOf(opened.content), content)).toBe(0);
      expect(opened.isComplete).toBe(true);
      const again = await sealed(content, random);
      expect((await opener.open(again, fromAlice(level))).content.length).toBe(length);
    }
  });

  it("is not complete where the end is missing, and its chunks are released before", async () => {
    const envelope = await sealed(contentOf(3 * CHUNK_BYTES));
    const opened = await opener.openStream([envelope.subarray(0, envelope.length - 1)], fromAlice(level));
    const chunks: number[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of opened.content) chunks.push(chunk.length);
    };
    expect(await reasonOf(read())).toBe("TRUNCATED");
    expect(chunks).toEqual([CHUNK_BYTES, CHUNK_BYTES]);
    expect(opened.isComplete).toBe(false);
  });

  it("is refused where something follows, before its last chunk is released", async () => {
    const envelope = await sealed(contentOf(CHUNK_BYTES + 1));
    const opened = await opener.openStream([envelope, new Uint8Array(0), Uint8Array.of(1)], fromAlice(level));
    const chunks: number[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of opened.content) chunks.push(chunk.length);
    };
    expect(await reasonOf(read())).toBe("TRAILING_DATA");
    expect(chunks).toEqual([CHUNK_BYTES]);
  });

  it("stops at a signal, and tells its progress", async () => {
    const abort = new AbortController();
    const seen: number[] = [];
    const onProgress = (done: number): void => {
      seen.push(done);
      if (seen.length === 2) abort.abort();
    };
    const content = contentOf(5 * CHUNK_BYTES);
    const stream = sealer.sealStream([content], {
      ...options,
      sizeBytes: content.length,
      signal: abort.signal,
      onProgress,
    });
    expect(await reasonOf(joinedOf(stream))).toBe("ABORTED");
    expect(seen).toEqual([CHUNK_BYTES, 2 * CHUNK_BYTES]);
    const envelope = await sealed(content);
    const stopped = new AbortController();
    const opened = await opener.openStream([envelope], { ...fromAlice(level), signal: stopped.signal });
    stopped.abort();
    expect(await reasonOf(joinedOf(opened.content))).toBe("ABORTED");
    const before = AbortSignal.abort();
    expect(await reasonOf(sealer.seal(content, { ...options, signal: before }))).toBe("ABORTED");
    expect(await reasonOf(opener.open(envelope, { ...fromAlice(level), signal: before }))).toBe("ABORTED");
  });

  it("that was closed gives no more, not even a chunk under keys of zeros", async () => {
    const envelope = await sealed(contentOf(16));
    const { headerBytes } = readHeader(envelope);
    const forged = envelope.fill(0, headerBytes + 4);
    const opened = await opener.openStream([forged], fromAlice(level));
    await opened.close();
    expect(await reasonOf(joinedOf(opened.content))).toBe("ABORTED");
    expect(opened.isComplete).toBe(false);
  });

  it("whose reader stops can be opened again, unless keys of the link were in it", async () => {
    const envelope = await sealed(contentOf(3 * CHUNK_BYTES));
    const half = async (opened: OpenedStream): Promise<void> => {
      for await (const _ of opened.content) break;
    };
    await half(await opener.openStream([envelope], fromAlice(level)));
    const again = reasonOf(opener.open(envelope, fromAlice(level)));
    expect(await again).toBe(isQuantum ? "KEY_USED" : "nothing was refused");
  });
});

describe("a source", () => {
  it("of another size than it was said to have is refused", async () => {
    const world = new World(1, 512);
    for (const [said, length] of [
      [100, 99],
      [100, 101],
      [5000, 4000],
    ] as const) {
      const stream = world.sealer().sealStream([contentOf(length)], { ...toBob(1), sizeBytes: said });
      await expect(joinedOf(stream)).rejects.toMatchObject({ code: "argument", path: "source" });
    }
    const unknown = world.sealer().sealStream([contentOf(1)], toBob(1));
    await expect(joinedOf(unknown)).rejects.toMatchObject({ code: "argument", path: "sizeBytes" });
  });

  it("that fails makes the stream fail", async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield contentOf(10);
      throw new Error("the disk is gone");
    };
    const world = new World();
    await expect(joinedOf(world.sealer().sealStream(failing(), toBob(2)))).rejects.toThrow("the disk is gone");
    await expect(world.opener().openStream(failing(), fromAlice(2))).rejects.toThrow("the disk is gone");
  });

  it("of no envelope is refused by its first bytes", async () => {
    let read = 0;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (; read < 1000; read++) yield new Uint8Array(12).fill(0x53);
    };
    expect(await reasonOf(new World().opener().openStream(endless(), fromAlice(2)))).toBe("MALFORMED");
    expect(read).toBeLessThan(3);
  });
});
