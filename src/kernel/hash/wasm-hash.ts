/** The WASM engine of hashes with blocks of 64 bytes. */
import { plain } from "../engine/checks.js";
import type { ArenaMemory, BatchEngine, HashEngine, HashState } from "./hash.js";
import { instantiate, type KernelInstance } from "../engine/instance.js";

/** The exports of a hash module, documented in assembly/. They take addresses of regions. */
export interface HashFunctions {
  digest(from: number, length: number, to: number, forgets: boolean): void;
  begin(): void;
  absorb(from: number, blocks: number): void;
  end(from: number, length: number, totalBytes: number, to: number): void;
  clear(at: number, bytes: number): void;
}

/** The further exports of a module that hashes many messages. */
export interface BatchFunctions extends HashFunctions {
  digestBatch(from: number, bytes: number, count: number, to: number): void;
}

/** The further exports of a module that hashes four messages at a time. */
interface LaneFunctions extends BatchFunctions {
  beginFour(): void;
  absorbFour(from: number, stride: number, blocks: number): void;
  endFour(from: number, stride: number, length: number, totalBytes: number, to: number): void;
}

const BLOCK_BYTES = 64;
/** Four parts of 64 KB. Larger parts are no faster, and these, with the digests, stay in the L2 cache. */
const INPUT_BYTES = 256 * 1024;
const OUTPUT_BYTES = 32 * 1024;

/** A hash module with regions for messages and digests. */
export class HashKernel<Functions extends HashFunctions = HashFunctions> {
  readonly hex: string;
  readonly digestBytes: number;
  readonly instance: KernelInstance<Functions>;
  readonly functions: Functions;
  readonly input: Uint8Array;
  readonly inputAt: number;
  readonly output: Uint8Array;
  readonly outputAt: number;
  readonly #digest: Uint8Array;
  readonly #digestWords: Uint32Array;

  static make<Functions extends HashFunctions>(
    hex: string,
    digestBytes: number,
    inputBytes = INPUT_BYTES,
    outputBytes = OUTPUT_BYTES,
  ): HashKernel<Functions> | undefined {
    const instance = instantiate<Functions>(hex, { INPUT: inputBytes, OUTPUT: outputBytes });
    return instance === undefined ? undefined : new HashKernel(hex, digestBytes, instance);
  }

  private constructor(hex: string, digestBytes: number, instance: KernelInstance<Functions>) {
    this.hex = hex;
    this.digestBytes = digestBytes;
    this.instance = instance;
    this.functions = instance.functions;
    this.input = instance.region("INPUT");
    this.inputAt = instance.addressOf("INPUT");
    this.output = instance.region("OUTPUT");
    this.outputAt = instance.addressOf("OUTPUT");
    this.#digest = this.output.subarray(0, digestBytes);
    this.#digestWords = new Uint32Array(this.output.buffer, this.outputAt, digestBytes / 4);
  }

  /** Moves the first digest from the output to `out`, and clears it there. */
  take(out: Uint8Array, at: number): void {
    out.set(this.#digest, at);
    for (let i = 0; i < this.#digestWords.length; i++) this.#digestWords[i] = 0;
  }

  clearInput(bytes: number): void {
    this.functions.clear(this.inputAt, Math.min(bytes, this.input.length));
  }

  /**
   * Copies `message` to the input part by part, and calls `absorb` after each part but the last. Returns the length of
   * the last part. `message` is a plain Uint8Array.
   */
  feed(message: Uint8Array, absorb: (blocks: number) => void): number {
    const { input } = this;
    const last = message.length - (message.length % input.length);
    for (let from = 0; from < last; from += input.length) {
      input.set(message.subarray(from, from + input.length));
      absorb(input.length / BLOCK_BYTES);
    }
    input.set(message.subarray(last));
    return message.length - last;
  }
}

/** The engine of a hash module for one message; undefined without a module. */
export function hashEngine(kernel: HashKernel | undefined): HashEngine | undefined {
  if (kernel === undefined) return undefined;
  const { functions, input, inputAt, outputAt } = kernel;
  const { digest } = functions;
  return {
    digestInto(message, out, at) {
      if (message.length <= input.length) {
        input.set(message);
        digest(inputAt, message.length, outputAt, true);
        kernel.take(out, at);
        return;
      }
      functions.begin();
      const rest = kernel.feed(plain(message), (blocks) => functions.absorb(inputAt, blocks));
      functions.end(inputAt, rest, message.length, outputAt);
      kernel.take(out, at);
      kernel.clearInput(message.length);
    },
    start: () => new WasmHashState(kernel),
  };
}

/** The engine of a hash module for many messages; undefined without a module. */
export function batchEngine(kernel: HashKernel<BatchFunctions> | undefined): BatchEngine | undefined {
  if (kernel === undefined) return undefined;
  const { digestBytes, functions, input, inputAt, output, outputAt } = kernel;
  const { digestInto } = hashEngine(kernel)!;
  return {
    digestBatch(messages, messageBytes, digests) {
      const count = digests.length / digestBytes;
      const most = Math.min(Math.floor(input.length / messageBytes), output.length / digestBytes) & ~3;
      let done = 0;
      if (most === 0) {
        if (hasLanes(kernel)) {
          for (; done + 4 <= count; done += 4) digestLongFour(kernel, messages, messageBytes, digests, done);
        }
        for (; done < count; done++) {
          const message = messages.subarray(done * messageBytes, (done + 1) * messageBytes);
          digestInto(message, digests, done * digestBytes);
        }
        return;
      }
      for (let now: number; done < count; done += now) {
        now = Math.min(count - done, most);
        input.set(messages.subarray(done * messageBytes, (done + now) * messageBytes));
        functions.digestBatch(inputAt, messageBytes, now, outputAt);
        digests.set(output.subarray(0, now * digestBytes), done * digestBytes);
      }
      kernel.clearInput(count * messageBytes);
      functions.clear(outputAt, Math.min(count, most) * digestBytes);
    },
    arena(inputBytes, outputBytes) {
      const own = HashKernel.make<BatchFunctions>(kernel.hex, digestBytes, inputBytes, outputBytes);
      return own === undefined ? undefined : arenaOf(own);
    },
  };
}

function hasLanes(kernel: HashKernel<BatchFunctions>): kernel is HashKernel<LaneFunctions> {
  return "beginFour" in kernel.functions;
}

/** Hashes four messages, from number `first` on; each passes part by part through a quarter of the input. */
function digestLongFour(
  kernel: HashKernel<LaneFunctions>,
  messages: Uint8Array,
  messageBytes: number,
  digests: Uint8Array,
  first: number,
): void {
  const { digestBytes, functions, input, inputAt, output, outputAt } = kernel;
  const stride = input.length / 4;
  functions.beginFour();
  for (let done = 0; ; done += stride) {
    const length = Math.min(stride, messageBytes - done);
    for (let i = 0; i < 4; i++) {
      const from = (first + i) * messageBytes + done;
      input.set(messages.subarray(from, from + length), i * stride);
    }
    if (done + length === messageBytes) {
      functions.endFour(inputAt, stride, length, messageBytes, outputAt);
      break;
    }
    functions.absorbFour(inputAt, stride, stride / BLOCK_BYTES);
  }
  digests.set(output.subarray(0, 4 * digestBytes), first * digestBytes);
  functions.clear(outputAt, 4 * digestBytes);
  kernel.clearInput(input.length);
}

/** A message in parts. Keeps the state between parts, so that the module can hash others meanwhile. */
class WasmHashState implements HashState {
  readonly #kernel: HashKernel;
  /** A copy of the module's STATE. */
  readonly #state: Uint8Array;
  /** The incomplete last block. */
  readonly #rest = new Uint8Array(BLOCK_BYTES);
  #totalBytes = 0;

  constructor(kernel: HashKernel) {
    this.#kernel = kernel;
    this.#state = new Uint8Array(kernel.instance.region("STATE").length);
    kernel.functions.begin();
    this.#save();
  }

  update(bytes: Uint8Array): void {
    const { functions, input, inputAt } = this.#kernel;
    const held = this.#totalBytes % BLOCK_BYTES;
    this.#totalBytes += bytes.length;
    if (held + bytes.length < BLOCK_BYTES) {
      this.#rest.set(bytes, held);
      return;
    }
    const view = plain(bytes);
    const missing = (BLOCK_BYTES - held) % BLOCK_BYTES;
    this.#restore();
    if (held > 0) {
      this.#rest.set(view.subarray(0, missing), held);
      input.set(this.#rest);
      functions.absorb(inputAt, 1);
    }
    const left = this.#kernel.feed(view.subarray(missing), (blocks) => functions.absorb(inputAt, blocks));
    const rest = left % BLOCK_BYTES;
    functions.absorb(inputAt, (left - rest) / BLOCK_BYTES);
    this.#rest.set(input.subarray(left - rest, left));
    this.#kernel.clearInput(Math.max(bytes.length, BLOCK_BYTES));
    this.#save();
  }

  digestInto(out: Uint8Array, at: number): void {
    const { functions, input, inputAt, outputAt } = this.#kernel;
    this.#restore();
    input.set(this.#rest);
    functions.end(inputAt, this.#totalBytes % BLOCK_BYTES, this.#totalBytes, outputAt);
    this.#kernel.take(out, at);
    this.#kernel.clearInput(BLOCK_BYTES);
    this.#rest.fill(0);
    this.#state.fill(0);
  }

  #save(): void {
    const { functions, instance } = this.#kernel;
    this.#state.set(instance.region("STATE"));
    for (const { name, at, length } of instance.regions) {
      if (name === "STATE" || name === "SCHEDULE") functions.clear(at, length);
    }
  }

  #restore(): void {
    this.#kernel.instance.region("STATE").set(this.#state);
  }
}

/** The regions of an instance of its own. */
function arenaOf({ functions, input, inputAt, output, outputAt }: HashKernel<BatchFunctions>): ArenaMemory {
  return {
    input,
    output,
    digest: (length) => functions.digest(inputAt, length, outputAt, false),
    digestBatch: (messageBytes, count) => functions.digestBatch(inputAt, messageBytes, count, outputAt),
  };
}
