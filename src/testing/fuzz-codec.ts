/** `fuzzCodec`: gives a decoder mutated bytes, and holds what every decoder has to hold. */
import { equalBytes, toHex } from "../bytes/index.js";
import { isWireError, type Result, type WireIssue } from "../errors.js";
import { AllocationMeter } from "./allocation.js";
import { FuzzError, type Flaw, type FuzzOptions } from "./fuzz-failure.js";
import { mutateBytes, shrinkBytes, type Seeds } from "./mutations.js";
import { Random } from "./random.js";
import { askedRuns } from "./runs.js";
import { sameValue } from "./same-value.js";

/** What is fuzzed: one of the decoders, or both, and the encoder where there is one. */
export interface FuzzedCodec<Value> {
  decode?(bytes: Uint8Array): Value;
  tryDecode?(bytes: Uint8Array): Result<Value>;
  encode?(value: Value): Uint8Array;
}

/** Options of {@link fuzzCodec}. */
export interface FuzzCodecOptions extends FuzzOptions {
  /** Valid bytes, to be changed. Without them most inputs are refused at their first byte. */
  readonly seeds?: Seeds;
  /** Each value has one form only: what decodes is written again to the byte. */
  readonly canonical?: boolean;
  /**
   * Bytes that an input of so many bytes may leave allocated, measured under Node.js; default 4 for each and 64 KiB.
   * What is collected during the call is not seen.
   */
  readonly allocationBytesMax?: (inputBytes: number) => number;
  /** A ceiling on one input; default 1,000. A decoder that never returns is left to the test runner. */
  readonly timeMsMax?: number;
}

/** What a fuzzer has tried. A test that finds `accepted` at 0 has tried refusals alone. */
export interface FuzzCodecReport {
  readonly inputs: number;
  readonly accepted: number;
}

/** Inputs that are measured together: so few that none of them hides in the bound of one. */
const BATCH = 16;
const MEASURED_AGAIN = 3;

/**
 * Decodes `runs` inputs: each seed cut off at every place, then seeds with drawn changes. Holds that nothing but a
 * `WireError` is thrown, that both decoders agree, that the input stays as it was, that a decoded value can be written,
 * read and written again alike, and that time and memory keep their bounds.
 * @throws FuzzError with the shortest input found that breaks the same rule
 */
export function fuzzCodec<Value>(codec: FuzzedCodec<Value>, options: FuzzCodecOptions = {}): FuzzCodecReport {
  const { runs = 10_000 } = options;
  const fuzzed = new Fuzzed(codec, options);
  const { first, last } = askedRuns(runs);
  const failed = withoutStacks(() => {
    for (let run = first; run <= last; run += BATCH) {
      const inputs = Array.from({ length: Math.min(BATCH, last - run + 1) }, (_, i) => fuzzed.input(run + i));
      const found = fuzzed.check(inputs);
      if (found !== undefined) return { ...found, run: run + found.index };
    }
    return undefined;
  });
  if (failed !== undefined) throw fuzzed.failure(failed.flaw, failed.input, failed.run);
  return { inputs: last - first + 1, accepted: fuzzed.accepted };
}

/** V8 takes nine tenths of the time for stacks of refusals that nobody reads. */
function withoutStacks<T>(action: () => T): T {
  const errors = Error as { stackTraceLimit?: number };
  const { stackTraceLimit } = errors;
  errors.stackTraceLimit = 0;
  try {
    return action();
  } finally {
    if (stackTraceLimit !== undefined) errors.stackTraceLimit = stackTraceLimit;
    else delete errors.stackTraceLimit;
  }
}

class Fuzzed<Value> {
  accepted = 0;
  readonly #codec: FuzzedCodec<Value>;
  readonly #options: FuzzCodecOptions;
  readonly #seeds: Seeds;
  /** Seeds with a place to cut them off, by run. */
  readonly #cuts: readonly (readonly [seed: Uint8Array, length: number])[];
  readonly #meter = AllocationMeter.open();
  readonly #decodeOnce: (input: Uint8Array) => void;

  constructor(codec: FuzzedCodec<Value>, options: FuzzCodecOptions) {
    const { decode, tryDecode } = codec;
    if (decode === undefined && tryDecode === undefined) throw new RangeError("expected a decoder, got none");
    this.#codec = codec;
    this.#options = options;
    const { seeds = [], runs = 10_000 } = options;
    this.#seeds = seeds;
    // Half of the runs are for drawn changes, however long the seeds.
    this.#cuts = cutsOf(typeof seeds === "function" ? [] : seeds, Math.floor(runs / 2));
    this.#decodeOnce = (input) => void this.#outcomeOf(input, tryDecode === undefined ? "decode" : "tryDecode");
  }

  /** The input of a run. */
  input(run: number): Uint8Array {
    const cut = this.#cuts[run - 1];
    return cut === undefined ? mutateBytes(this.#seeds, new Random(run, "fuzz")) : cut[0].slice(0, cut[1]);
  }

  /** The first input that breaks a rule. */
  check(inputs: readonly Uint8Array[]) {
    // First the rules: the inputs are as they were drawn.
    for (const flawOf of [(input: Uint8Array) => this.#flawOf(input), (input: Uint8Array) => this.#costOf(input)]) {
      for (const [index, input] of inputs.entries()) {
        const flaw = flawOf(input);
        if (flaw !== undefined) return { flaw, input, index };
      }
      if (!this.#isCostly(inputs)) return undefined;
    }
    return undefined;
  }

  failure(found: Flaw, input: Uint8Array, run: number): FuzzError {
    const flawOf = (bytes: Uint8Array): Flaw | undefined =>
      found.rule === MEMORY || found.rule === TIME ? this.#costOf(bytes) : this.#flawOf(bytes);
    const shortest = shrinkBytes(input, (bytes) => flawOf(bytes)?.rule === found.rule);
    const flaw = flawOf(shortest) ?? found;
    return new FuzzError(flaw, `shrunk from ${input.length} to ${describeBytes(shortest)}`, run, this.#options);
  }

  #flawOf(input: Uint8Array): Flaw | undefined {
    const { decode, tryDecode } = this.#codec;
    const before = input.slice();
    const tried = tryDecode && this.#outcomeOf(input, "tryDecode");
    const decoded = decode && this.#outcomeOf(input, "decode");
    for (const [name, outcome] of [["tryDecode", tried] as const, ["decode", decoded] as const]) {
      if (outcome !== undefined && "thrown" in outcome) return { rule: `${name} throws`, ...thrown(outcome.thrown) };
    }
    if (!equalBytes(before, input)) return { rule: "the input has changed", detail: describeBytes(input) };
    const [one, other] = [tried as Result<Value> | undefined, decoded as Result<Value> | undefined];
    if (one !== undefined && other !== undefined && !agree(one, other)) {
      return { rule: "the decoders differ", detail: `tryDecode ${describe(one)}, decode ${describe(other)}` };
    }
    const outcome = (one ?? other)!;
    if (!outcome.ok) return undefined;
    this.accepted++;
    return this.#flawOfWriting(outcome.value, before);
  }

  #flawOfWriting(value: Value, input: Uint8Array): Flaw | undefined {
    const { encode } = this.#codec;
    if (encode === undefined) return undefined;
    let written: Uint8Array;
    try {
      written = encode(value);
    } catch (error) {
      return { rule: "what was read cannot be written", ...thrown(error) };
    }
    if (this.#options.canonical && !equalBytes(written, input)) {
      return { rule: "what was read is written in another form", detail: describeBytes(written) };
    }
    const again = this.#outcomeOf(written, this.#codec.tryDecode === undefined ? "decode" : "tryDecode");
    if ("thrown" in again || !again.ok) {
      return { rule: "what was written cannot be read", detail: describeBytes(written) };
    }
    if (sameValue(again.value, value)) return undefined;
    return { rule: "reading and writing change the value", detail: describeBytes(written) };
  }

  /** The outcome of one decoder; an issue of another class as `thrown`. */
  #outcomeOf(input: Uint8Array, name: "decode" | "tryDecode"): Result<Value> | { readonly thrown: unknown } {
    try {
      if (name === "tryDecode") return this.#codec.tryDecode!(input);
      return { ok: true, value: this.#codec.decode!(input) };
    } catch (error) {
      return name === "decode" && isWireError(error) ? { ok: false, error } : { thrown: error };
    }
  }

  /** Whether the inputs together take more than one of them may: then each is measured alone. */
  #isCostly(inputs: readonly Uint8Array[]): boolean {
    const decodeAll = (): void => inputs.forEach(this.#decodeOnce);
    const startMs = performance.now();
    const bytes = this.#meter?.once(decodeAll) ?? decodeAll() ?? 0;
    const least = Math.min(...inputs.map(({ length }) => this.#bytesMax(length)));
    // After a collection the figure says nothing.
    return bytes > least || bytes < 0 || performance.now() - startMs > this.#timeMsMax;
  }

  #costOf(input: Uint8Array): Flaw | undefined {
    const decode = (): void => this.#decodeOnce(input);
    const bytes = this.#meter?.least(decode) ?? 0;
    if (bytes > this.#bytesMax(input.length)) {
      return { rule: MEMORY, detail: `${bytes} bytes for an input of ${input.length}` };
    }
    let leastMs = Infinity;
    for (let i = 0; i < MEASURED_AGAIN && leastMs > this.#timeMsMax; i++) {
      const startMs = performance.now();
      decode();
      leastMs = Math.min(leastMs, performance.now() - startMs);
    }
    return leastMs > this.#timeMsMax ? { rule: TIME, detail: `${Math.round(leastMs)} ms` } : undefined;
  }

  #bytesMax(inputBytes: number): number {
    return this.#options.allocationBytesMax?.(inputBytes) ?? 4 * inputBytes + 65_536;
  }

  get #timeMsMax(): number {
    return this.#options.timeMsMax ?? 1_000;
  }
}

const MEMORY = "too much memory";
const TIME = "too much time";

/** Every place to cut off the seeds, the shortest seeds first, as many as fit. */
function cutsOf(seeds: readonly Uint8Array[], most: number): (readonly [seed: Uint8Array, length: number])[] {
  const cuts: (readonly [seed: Uint8Array, length: number])[] = [];
  for (const seed of seeds.toSorted((a, b) => a.length - b.length)) {
    for (let length = 0; length <= seed.length; length++) {
      if (cuts.length === most) return cuts;
      cuts.push([seed, length]);
    }
  }
  return cuts;
}

function agree<Value>(one: Result<Value>, other: Result<Value>): boolean {
  if (one.ok && other.ok) return sameValue(one.value, other.value);
  if (one.ok || other.ok) return false;
  return (["code", "format", "path", "offset", "actual"] as const).every(
    (name) => one.error[name] === other.error[name],
  );
}

function describe(outcome: Result<unknown>): string {
  return outcome.ok ? "accepts" : `refuses with ${describeIssueShortly(outcome.error)}`;
}

function describeIssueShortly({ code, path, offset }: WireIssue): string {
  return `${code}${path === "" ? "" : ` ${path}`}${offset === undefined ? "" : ` at byte ${offset}`}`;
}

function thrown(error: unknown): { readonly detail: string; readonly cause: unknown } {
  return { detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error), cause: error };
}

const SHOWN_BYTES_MAX = 256;

/** Bytes with their length, the first of them as hex digits. */
export function describeBytes(bytes: Uint8Array): string {
  const shown = toHex(bytes.subarray(0, SHOWN_BYTES_MAX));
  return `${bytes.length} bytes: ${shown}${bytes.length > SHOWN_BYTES_MAX ? "…" : ""}`;
}
