/** Handles of secret keys. */
import { inspect } from "node:util";
import { describe, expect, test, vi } from "vitest";
import {
  AesCtrKey,
  AesGcmKey,
  ChaCha20Poly1305Key,
  hmacSha256,
  HmacSha256Key,
  type PrimitiveName,
} from "../../../src/kernel/index.js";
import { type KeyedEngine, KeyHandle, type PreparedKey, withKey } from "../../../src/kernel/engine/key.js";
import { CRC32_STEPS } from "../../../src/kernel/engine/crossovers.js";
import { Primitive } from "../../../src/kernel/engine/engine-choice.js";
import { describeEngines, by, noise } from "../engines.js";

const HANDLES = [
  { name: "hmac-sha256", Key: HmacSha256Key, use: (key: unknown) => (key as HmacSha256Key).sign(noise(5)) },
  { name: "aes-ctr", Key: AesCtrKey, use: (key: unknown) => (key as AesCtrKey).crypt(noise(16), noise(5)) },
  { name: "aes-gcm", Key: AesGcmKey, use: (key: unknown) => (key as AesGcmKey).seal(noise(12), noise(5)) },
  {
    name: "chacha20-poly1305",
    Key: ChaCha20Poly1305Key,
    use: (key: unknown) => (key as ChaCha20Poly1305Key).seal(noise(12), noise(5)),
  },
] as const satisfies readonly { name: PrimitiveName; Key: unknown; use: unknown }[];

describe.each(HANDLES)("a $name key", ({ name, Key, use }) => {
  test("works within its block, and not after it", () => {
    let escaped: unknown;
    {
      using key = new Key(noise(32));
      use(key);
      escaped = key;
    }
    expect(() => use(escaped)).toThrow(expect.objectContaining({ code: "argument", format: `kernel.${name}` }));
  });

  test("is a copy: the caller may wipe its own bytes", () => {
    const bytes = noise(32);
    const key = new Key(bytes);
    const before = use(key);
    bytes.fill(0);
    expect(use(key)).toEqual(before);
  });

  test("prints redacted in every way", () => {
    const key = new Key(new Uint8Array(32).fill(0xab));
    use(key);
    const redacted = `[${name} key, redacted]`;
    expect(String(key)).toBe(redacted);
    expect(JSON.stringify({ key })).toBe(JSON.stringify({ key: redacted }));
    expect(inspect(key, { depth: 9, showHidden: true })).toBe(redacted);
    expect(Object.keys(key)).toEqual([]);
  });

  describeEngines(name, (engine) => {
    test("may be wiped twice", () => {
      const key = new Key(noise(32));
      by(engine, use)(key);
      key.wipe();
      key.wipe();
      expect(() => by(engine, use)(key)).toThrow(expect.objectContaining({ code: "argument" }));
    });
  });
});

/** A prepared key that shows the key it was made from. */
interface Probe extends PreparedKey {
  readonly key: Uint8Array;
}

class ProbeKey extends KeyHandle<Probe> {
  prepared(): Probe {
    return this.preparedFor(1);
  }
}

function probe() {
  const wiped = vi.fn<() => void>();
  const prepare = vi.fn<(key: Uint8Array) => Probe>((key) => ({ key, wipe: wiped }));
  return {
    wiped,
    prepare,
    primitive: new Primitive<KeyedEngine<Probe>>("crc32", CRC32_STEPS, { js: () => ({ prepare }) }),
  };
}

describe("the key behind a handle", () => {
  test("is prepared once, and wiped together with its prepared form", () => {
    const { wiped, prepare, primitive } = probe();
    const handle = new ProbeKey(primitive, noise(32));
    const { key } = handle.prepared();
    handle.prepared();
    expect(prepare).toHaveBeenCalledTimes(1);
    expect(key).toBeBytes(noise(32));
    handle.wipe();
    expect(key).toBeBytes(new Uint8Array(32));
    expect(wiped).toHaveBeenCalledTimes(1);
  });

  test("is wiped after one use, even if the use fails", () => {
    const { wiped, primitive } = probe();
    expect(withKey(primitive, noise(4), 1, ({ key }) => key.length)).toBe(4);
    expect(wiped).toHaveBeenCalledTimes(1);
    const failing = () => {
      throw new Error("use");
    };
    expect(() => withKey(primitive, noise(4), 1, failing)).toThrow("use");
    expect(wiped).toHaveBeenCalledTimes(2);
  });
});

test("a single use leaves the key of the caller unchanged", () => {
  const key = noise(32);
  hmacSha256(key, noise(3));
  expect(key).toBeBytes(noise(32));
});
