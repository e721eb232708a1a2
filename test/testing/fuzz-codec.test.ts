/** `fuzzCodec` finds what is wrong with a decoder, and says how to see it again. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { WireError, type Result } from "../../src/errors.js";
import { fuzzCodec, FuzzError, type FuzzCodecOptions, type FuzzedCodec } from "../../src/testing/index.js";

const SEED = Uint8Array.of(3, 10, 11, 12);
const short = (): WireError => new WireError({ code: "short", format: "list", path: "" });

/** A count, then so many bytes. */
function decode(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0 || bytes.length !== 1 + bytes[0]!) throw short();
  return bytes.slice(1);
}
const encode = (value: Uint8Array): Uint8Array => Uint8Array.of(value.length, ...value);
const tryDecode = (bytes: Uint8Array): Result<Uint8Array> => {
  try {
    return { ok: true, value: decode(bytes) };
  } catch (error) {
    return { ok: false, error: error as WireError };
  }
};

function failureOf(codec: Partial<FuzzedCodec<Uint8Array>>, options: FuzzCodecOptions = {}): FuzzError {
  try {
    fuzzCodec({ decode, tryDecode, encode, ...codec }, { seeds: [SEED], ...options });
  } catch (error) {
    if (error instanceof FuzzError) return error;
    throw error;
  }
  return expect.fail("no flaw was found");
}

describe("fuzzCodec", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("finds nothing wrong with a right codec, and counts what was accepted", () => {
    const { inputs, accepted } = fuzzCodec({ decode, tryDecode, encode }, { seeds: [SEED], canonical: true });
    expect(inputs).toBe(10_000);
    expect(accepted).toBeGreaterThan(500);
  });

  it("takes a codec without seeds, or with drawn ones", () => {
    expect(fuzzCodec({ decode }, { runs: 1_000 }).inputs).toBe(1_000);
    const seeds = () => SEED;
    expect(fuzzCodec({ tryDecode }, { runs: 1_000, seeds }).accepted).toBeGreaterThan(0);
    expect(() => fuzzCodec({})).toThrow("expected a decoder");
  });

  it("finds an error of another class, with the shortest input", () => {
    const wrong = (bytes: Uint8Array): Uint8Array => {
      if (bytes.includes(0xff)) throw new TypeError("no such byte");
      return decode(bytes);
    };
    const { message, cause } = failureOf({ decode: wrong });
    expect(message).toMatch(/^decode throws: TypeError: no such byte\nshrunk from \d+ to 1 bytes: ff\n/);
    expect(cause).toBeInstanceOf(TypeError);
  });

  it("finds a tryDecode that throws, also a WireError", () => {
    expect(failureOf({ tryDecode: (bytes) => ({ ok: true, value: decode(bytes) }) }).message).toMatch(
      /^tryDecode throws/,
    );
  });

  it("finds decoders that differ", () => {
    const lax = (bytes: Uint8Array): Result<Uint8Array> =>
      bytes[0] === 0 ? { ok: true, value: new Uint8Array() } : tryDecode(bytes);
    expect(failureOf({ tryDecode: lax }).message).toMatch(
      /^the decoders differ: tryDecode accepts, decode refuses with short/,
    );
  });

  it("finds a decoder that changes its input", () => {
    const wrong = (bytes: Uint8Array): Result<Uint8Array> => {
      const result = tryDecode(bytes);
      if (bytes.length > 5) bytes[0] = 1;
      return result;
    };
    expect(failureOf({ tryDecode: wrong, decode: undefined as never }).message).toMatch(/^the input has changed/);
  });

  it("finds values that cannot be written, or change when they are", () => {
    const refusing = (value: Uint8Array): Uint8Array => {
      if (value.length === 2) throw short();
      return encode(value);
    };
    expect(failureOf({ encode: refusing }).message).toMatch(
      /^what was read cannot be written.*\nshrunk .* to 3 bytes: 020000\n/,
    );
    expect(failureOf({ encode: (value) => value }).message).toMatch(/^what was written cannot be read/);
    expect(failureOf({ encode: (value) => encode(value.map(() => 1)) }).message).toMatch(/^reading and writing change/);
  });

  it("finds a form that is not the only one, where there is one only", () => {
    const lax = (bytes: Uint8Array): Uint8Array => decode(bytes.subarray(0, 1 + (bytes[0] ?? 0)));
    const { message } = failureOf({ decode: lax, tryDecode: undefined as never }, { canonical: true });
    expect(message).toMatch(/^what was read is written in another form/);
  });

  it("finds memory that is taken on the word of a length", () => {
    const trusting = (bytes: Uint8Array): Result<Uint8Array> => {
      const claimed = bytes.length < 2 ? 0 : bytes[0]! * 4_096;
      const room = new Uint8Array(claimed);
      return room.length === claimed ? tryDecode(bytes) : { ok: false, error: short() };
    };
    const { message } = failureOf({ tryDecode: trusting }, { seeds: [Uint8Array.of(1, 10)] });
    expect(message).toMatch(/^too much memory: \d+ bytes for an input of 2\n/);
    const bound = (inputBytes: number): number => 2 ** 21 + inputBytes;
    expect(fuzzCodec({ tryDecode: trusting }, { allocationBytesMax: bound, runs: 500, seeds: [SEED] }).inputs).toBe(
      500,
    );
  });

  it("finds an input that takes too long", () => {
    const slow = (bytes: Uint8Array): Result<Uint8Array> => {
      for (const endMs = performance.now() + 20; bytes[0] === 0xff && performance.now() < endMs;);
      return tryDecode(bytes);
    };
    expect(failureOf({ tryDecode: slow }, { timeMsMax: 10, allocationBytesMax: () => Infinity }).message).toMatch(
      /^too much time: \d+ ms/,
    );
  });

  it("names the run, which repeats alone", () => {
    const wrong = (bytes: Uint8Array): Uint8Array => {
      if (bytes.includes(0xff)) throw new TypeError("no such byte");
      return decode(bytes);
    };
    const options = { name: "reads lists", file: `file://${process.cwd()}/test/list.test.ts` };
    const { run, message } = failureOf({ decode: wrong }, options);
    expect(message).toContain(`this run again: SPECWIRE_RUN=${run} npx vitest run test/list.test.ts -t "reads lists"`);
    vi.stubEnv("SPECWIRE_RUN", String(run));
    expect(failureOf({ decode: wrong }, options)).toMatchObject({ run, message });
    vi.stubEnv("SPECWIRE_RUN", "1");
    expect(fuzzCodec({ decode: wrong }, { seeds: [SEED] })).toEqual({ inputs: 1, accepted: 0 });
  });

  it("leaves the stacks of errors as they were", () => {
    const before = Error.stackTraceLimit;
    failureOf({ encode: (value) => value });
    expect(Error.stackTraceLimit).toBe(before);
  });
});
