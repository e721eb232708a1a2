/** Hashes and HMAC by every engine, compared with node:crypto and noble at thousands of lengths and alignments. */
import { createHash, createHmac } from "node:crypto";
import { hmac } from "@noble/hashes/hmac.js";
import { md5 as nobleMd5, sha1 as nobleSha1 } from "@noble/hashes/legacy.js";
import { sha256 as nobleSha256, sha512 as nobleSha512 } from "@noble/hashes/sha2.js";
import { describe, expect, test } from "vitest";
import { concatBytes } from "../../../src/bytes/index.js";
import {
  HmacSha256Key,
  md5,
  md5Batch,
  type PrimitiveName,
  sha1,
  sha1Batch,
  sha256,
  sha256Batch,
  sha256Stream,
  sha512,
} from "../../../src/kernel/index.js";
import { brokenGuards, instances } from "../../../src/kernel/engine/instance.js";
import { by, describeEngines, noise } from "../engines.js";

const MIB = 1024 * 1024;
const pool = noise(4 * MIB + 16, 11);
const key = noise(32, 12);
const handle = new HmacSha256Key(key);

/** A function under test, and two references. */
interface Subject {
  readonly name: PrimitiveName;
  readonly ours: (message: Uint8Array) => Uint8Array;
  readonly node: (message: Uint8Array) => Uint8Array;
  readonly noble: (message: Uint8Array) => Uint8Array;
}

const nodeHash = (name: string) => (message: Uint8Array) => createHash(name).update(message).digest();

const SUBJECTS: readonly Subject[] = [
  { name: "sha256", ours: sha256, node: nodeHash("sha256"), noble: nobleSha256 },
  { name: "sha1", ours: sha1, node: nodeHash("sha1"), noble: nobleSha1 },
  { name: "sha512", ours: sha512, node: nodeHash("sha512"), noble: nobleSha512 },
  { name: "md5", ours: md5, node: nodeHash("md5"), noble: nobleMd5 },
  {
    name: "hmac-sha256",
    ours: (message) => handle.sign(message),
    node: (message) => createHmac("sha256", key).update(message).digest(),
    noble: (message) => hmac(nobleSha256, key, message),
  },
];

/** The first of `messages` for which the results differ, or after which a guard is broken. */
function firstFault(
  messages: Iterable<Uint8Array>,
  actual: (message: Uint8Array) => Uint8Array,
  expected: (message: Uint8Array) => Uint8Array,
): string | undefined {
  for (const message of messages) {
    const place = `${message.length} bytes at ${message.byteOffset}`;
    if (Buffer.compare(actual(message), expected(message)) !== 0) return `differs for ${place}`;
    for (const instance of instances()) {
      const broken = brokenGuards(instance);
      if (broken.length > 0) return `${broken.join()} overrun by ${place}`;
    }
  }
  return undefined;
}

const ALIGNMENTS = Array.from({ length: 16 }, (_, at) => at);

/** Messages of 0 to `lengthMax` bytes, each at the alignments that `at` returns for its length. */
function* upTo(lengthMax: number, at: (length: number) => readonly number[]): Generator<Uint8Array> {
  for (let length = 0; length <= lengthMax; length++) {
    for (const from of at(length)) yield pool.subarray(from, from + length);
  }
}

describe.each(SUBJECTS)("$name", ({ name, ours, node, noble }) => {
  describeEngines(name, (engine) => {
    const actual = by(engine, ours);

    test("equals node:crypto at 0 to 512 bytes and 16 alignments", () => {
      const messages = upTo(512, () => ALIGNMENTS);
      expect(firstFault(messages, actual, node)).toBeUndefined();
    });

    test("equals node:crypto at 0 to 4,096 bytes and a drawn alignment", () => {
      const messages = upTo(4096, (length) => [pool[length]! & 15]);
      expect(firstFault(messages, actual, node)).toBeUndefined();
    });

    test("equals node:crypto at drawn lengths up to 4 MiB", () => {
      const all = [...drawn(4, 4 * MIB), 65_536, 262_143, 262_144, 262_145, 4 * MIB];
      const messages = all.map((length) => pool.subarray(5, 5 + length));
      expect(firstFault(messages, actual, node)).toBeUndefined();
    });
  });

  test("of noble equals that of node:crypto", () => {
    const messages = upTo(512, (length) => [pool[length]! & 15]);
    expect(firstFault(messages, noble, node)).toBeUndefined();
  });
});

/** Pseudorandom integers from 0 to `max`, equal in every run. */
function drawn(count: number, max: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const [a, b, c, d] = noise(4, 40 + i) as unknown as [number, number, number, number];
    return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % (max + 1);
  });
}

const BATCHES = [
  { name: "sha256-batch", single: "sha256", batch: sha256Batch },
  { name: "sha1-batch", single: "sha1", batch: sha1Batch },
  { name: "md5", single: "md5", batch: md5Batch },
] as const;

describe.each(BATCHES)("a batch of $single", ({ name, single, batch }) => {
  const node = nodeHash(single);
  const oneByOne = (messages: Uint8Array, messageBytes: number) =>
    concatBytes(
      ...Array.from({ length: messages.length / messageBytes }, (_, i) =>
        node(messages.subarray(i * messageBytes, (i + 1) * messageBytes)),
      ),
    );
  const part = (messageBytes: number, count: number) => pool.subarray(1, 1 + messageBytes * count);

  describeEngines(name, (engine) => {
    const actual = by(engine, batch);
    const faultOf = (messageBytes: number, counts: readonly number[]) =>
      firstFault(
        counts.map((count) => part(messageBytes, count)),
        (messages) => actual(messages, messageBytes),
        (messages) => oneByOne(messages, messageBytes),
      );

    test("equals node:crypto at 1 to 200 bytes and up to nine messages", () => {
      for (let messageBytes = 1; messageBytes <= 200; messageBytes++) {
        expect(faultOf(messageBytes, [0, 1, 2, 3, 4, 5, 8, 9])).toBeUndefined();
      }
    });

    test.each([
      [1, 5000],
      [64, 4099],
      [1000, 1050],
      [65_535, 5],
      [65_536, 5],
      [65_537, 5],
      [131_072, 4],
      [200_001, 6],
      [500_000, 7],
    ])("equals node:crypto for messages of %i bytes, %i of them: more than the module holds", (messageBytes, count) => {
      expect(faultOf(messageBytes, [count])).toBeUndefined();
    });
  });
});

describeEngines("sha256", (engine) => {
  const stream = by(engine, sha256Stream);

  test("hashes a message in two parts, cut anywhere", () => {
    for (let length = 0; length <= 200; length += 7) {
      for (let cut = 0; cut <= length; cut++) {
        const message = pool.subarray(2, 2 + length);
        const digest = stream().update(message.subarray(0, cut)).update(message.subarray(cut)).digest();
        expect(digest).toBeBytes(nodeHash("sha256")(message));
      }
    }
    expect(instances().flatMap((instance) => brokenGuards(instance))).toEqual([]);
  });

  test("hashes a message in many parts of drawn lengths", () => {
    for (let run = 0; run < 40; run++) {
      const lengths = Array.from(noise(12, 60 + run), (byte) => byte * (byte % 5 === 0 ? 2000 : 1));
      const one = stream();
      const expected = createHash("sha256");
      for (const [i, length] of lengths.entries()) {
        const part = pool.subarray(i, i + length);
        one.update(part);
        expected.update(part);
      }
      expect(one.digest()).toBeBytes(new Uint8Array(expected.digest()));
    }
  });

  test("keeps streams apart from each other and from other calls", () => {
    const streams = Array.from({ length: 5 }, stream);
    const ends = streams.map(() => 0);
    for (const [step, byte] of noise(60, 7).entries()) {
      const i = step % streams.length;
      streams[i]!.update(pool.subarray(ends[i]!, ends[i]! + byte));
      ends[i]! += byte;
      by(engine, sha256)(pool.subarray(0, byte));
      by(engine, sha256Batch)(pool.subarray(0, 8 * 70), 70);
      by(engine, () => handle.sign(pool.subarray(0, byte)))();
    }
    streams.forEach((one, i) => expect(one.digest()).toBeBytes(nodeHash("sha256")(pool.subarray(0, ends[i]))));
  });

  test("is not disturbed by code of the caller that runs within a call", () => {
    /** Hashes something else in each call of `subarray`. */
    class Meddler extends Uint8Array {
      override subarray(begin?: number, end?: number): Uint8Array<ArrayBuffer> {
        by(engine, sha256)(pool.subarray(0, 99));
        return new Uint8Array(this).subarray(begin, end);
      }
    }
    const message = new Meddler(pool.slice(0, 600_000));
    const plain = new Uint8Array(message);
    expect(by(engine, sha256)(message)).toBeBytes(nodeHash("sha256")(plain));
    expect(stream().update(message).digest()).toBeBytes(nodeHash("sha256")(plain));
    expect(by(engine, () => handle.sign(message))()).toBeBytes(
      new Uint8Array(createHmac("sha256", key).update(plain).digest()),
    );
    const digests = by(engine, sha256Batch)(message, 100_000);
    for (let i = 0; i < 6; i++) {
      const digest = nodeHash("sha256")(plain.subarray(i * 100_000, (i + 1) * 100_000));
      expect(digests.subarray(32 * i, 32 * (i + 1))).toBeBytes(digest);
    }
  });
});
