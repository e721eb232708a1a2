/** Arenas of hashes. */
import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Sha1Arena, Sha256Arena } from "../../../src/kernel/index.js";
import { brokenGuards, instances } from "../../../src/kernel/engine/instance.js";
import { by, describeEngines, noise } from "../engines.js";

const ARENAS = [
  { hash: "sha256", batch: "sha256-batch", bytes: 32, Arena: Sha256Arena },
  { hash: "sha1", batch: "sha1-batch", bytes: 20, Arena: Sha1Arena },
] as const;

describe.each(ARENAS)("an arena of $hash", ({ hash, batch, bytes, Arena }) => {
  const digestOf = (message: Uint8Array) => createHash(hash).update(message).digest();
  const intact = () => instances().every((instance) => brokenGuards(instance).length === 0);

  describeEngines(hash, (engine) => {
    test("hashes its input at every length, and leaves it unchanged", () => {
      const arena = new Arena(300);
      const message = noise(300);
      arena.input.set(message);
      const digest = by(engine, (length: number) => arena.digest(length));
      for (let length = 0; length <= 300; length++) {
        expect(digest(length)).toBeBytes(digestOf(message.subarray(0, length)));
        expect(intact()).toBe(true);
      }
      expect(by(engine, () => arena.digest())()).toBeBytes(digestOf(message));
      expect(arena.input).toBeBytes(message);
    });
  });

  describeEngines(batch, (engine) => {
    test.each([1, 20, 40, 55, 64, 100])("hashes messages of %i bytes", (messageBytes) => {
      const arena = new Arena(11 * messageBytes, 11);
      arena.input.set(noise(arena.input.length, messageBytes));
      for (let count = 0; count <= 11; count++) {
        arena.output.fill(0xee);
        const digests = by(engine, () => arena.digestBatch(messageBytes, count))();
        for (let i = 0; i < count; i++) {
          const message = arena.input.subarray(i * messageBytes, (i + 1) * messageBytes);
          expect(digests.subarray(i * bytes, (i + 1) * bytes)).toBeBytes(digestOf(message));
        }
        expect(digests.length).toBe(count * bytes);
        expect(arena.output.subarray(digests.length).every((byte) => byte === 0xee)).toBe(true);
        expect(intact()).toBe(true);
      }
    });
  });

  test("has a memory of its own, that of a module", () => {
    const [one, other] = [new Arena(64, 2), new Arena(64, 2)];
    const memories = new Set(instances().map(({ memory }) => memory.buffer));
    expect(memories.has(one.input.buffer as ArrayBuffer)).toBe(true);
    expect(one.output.buffer).toBe(one.input.buffer);
    expect(other.input.buffer).not.toBe(one.input.buffer);
    one.input.fill(1);
    other.input.fill(2);
    const digest = one.digest();
    other.digest();
    expect(digest).toBeBytes(digestOf(new Uint8Array(64).fill(1)));
  });

  test("chooses the engine by size, with equal results", () => {
    const arena = new Arena(5 * 10_000, 5);
    arena.input.set(noise(50_000));
    expect(arena.digest(50_000)).toBeBytes(digestOf(arena.input));
    const digests = arena.digestBatch(10_000, 5);
    for (let i = 0; i < 5; i++) {
      const message = arena.input.subarray(i * 10_000, (i + 1) * 10_000);
      expect(digests.subarray(i * bytes, (i + 1) * bytes)).toBeBytes(digestOf(message));
    }
  });

  test("is cleared at the end of its block", () => {
    let [input, output]: Uint8Array[] = [];
    {
      using arena = new Arena(100, 3);
      arena.input.fill(7);
      arena.digestBatch(30, 3);
      ({ input, output } = arena);
    }
    expect(input).toBeBytes(new Uint8Array(100));
    expect(output).toBeBytes(new Uint8Array(3 * bytes));
    expect(inspect(new Arena(3))).toBe(`[${hash} arena, redacted]`);
  });

  test("refuses arguments beyond its size", () => {
    const arena = new Arena(100, 2);
    const refused = (code: string, action: () => unknown) => expect(action).toThrow(expect.objectContaining({ code }));
    refused("argument", () => arena.digest(101));
    refused("argument", () => arena.digest(-1));
    refused("argument", () => arena.digest(0.5));
    refused("argument", () => arena.digestBatch(51, 2));
    refused("argument", () => arena.digestBatch(1, -1));
    refused("space", () => arena.digestBatch(1, 3));
    refused("space", () => new Arena(1, 0).digest());
    refused("argument", () => new Arena(-1));
    refused("argument", () => new Arena(2 ** 40));
    refused("argument", () => new Arena(1, 2 ** 30));
  });
});
