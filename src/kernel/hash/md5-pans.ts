import { md5 } from "@noble/hashes/legacy.js";
import { apartFrom, overlap, refuse, requireInteger, requireLength, requireSpace } from "../engine/checks.js";
import { type HashEngine, nobleHash, nodeHash } from "./hash.js";
import { instantiate } from "../engine/instance.js";
import { Primitive } from "../engine/engine-choice.js";
import { MD5_PANS_WASM } from "../wasm/md5-pans.js";

/** What new authenticity numbers are made from: one RAIDA, one PG, and a row in both columns for each coin. */
export interface PanColumns {
  /** RI, one byte. */
  readonly raidaId: number;
  /** DN of each coin. */
  readonly denominations: Int8Array;
  /** SN of each coin, in the order of `denominations`. */
  readonly serials: Uint32Array;
  /** The 16 secret bytes that the owner chose for this RAIDA. */
  readonly pg: Uint8Array;
}

/**
 * The new authenticity number of each coin, 16 bytes one after the other: MD5 of
 * `raida id u8 | denomination i8 | serial u32 BE | PG` (seeds/raida, PAN generator). Written to the
 * beginning of `out` where that is given; what is returned is then a view of it.
 * @throws WireError `argument`, `count`, `length`, `space`
 */
export function md5Pans(columns: PanColumns, out?: Uint8Array): Uint8Array {
  requireColumns(columns);
  const count = columns.serials.length;
  const length = count * PAN_BYTES;
  if (out !== undefined) requireSpace("md5-pans", out, 0, length);
  const pans = out === undefined ? new Uint8Array(length) : out.subarray(0, length);
  MD5_PANS.engineFor(count)(columnsApartFrom(pans, columns), pans);
  return pans;
}

function requireColumns({ raidaId, denominations, serials, pg }: PanColumns): void {
  const isColumn = (value: unknown, type: typeof Int8Array | typeof Uint32Array, path: string) => {
    if (!(value instanceof type)) refuse("md5-pans", "argument", path, `a ${type.name}`, typeof value);
  };
  requireInteger("md5-pans", "raidaId", raidaId, 255);
  isColumn(denominations, Int8Array, "denominations");
  isColumn(serials, Uint32Array, "serials");
  if (denominations.length !== serials.length) {
    refuse("md5-pans", "count", "denominations", `${serials.length}, one for each serial`, denominations.length);
  }
  requireLength("md5-pans", "pg", pg, PG_BYTES);
}

function columnsApartFrom(pans: Uint8Array, { raidaId, denominations, serials, pg }: PanColumns): PanColumns {
  // Plain ones: `subarray` of a subclass runs code of the caller's.
  return {
    raidaId,
    denominations: overlap(pans, denominations)
      ? Int8Array.from(denominations)
      : new Int8Array(denominations.buffer, denominations.byteOffset, denominations.length),
    serials: overlap(pans, serials)
      ? Uint32Array.from(serials)
      : new Uint32Array(serials.buffer, serials.byteOffset, serials.length),
    pg: apartFrom(pans, pg),
  };
}

/** Writes 16 bytes a coin to `pans`, which has that length and shares no memory with the columns. */
type PansEngine = (columns: PanColumns, pans: Uint8Array) => void;

const PG_BYTES = 16;
const PAN_BYTES = 16;
const MESSAGE_BYTES = 22;

export const MD5_PANS = /* @__PURE__ */ new Primitive<PansEngine>("md5-pans", {
  wasm: wasmEngine,
  node: () => oneByOne(nodeHash("md5")),
  noble: () => oneByOne(nobleHash(md5)),
});

interface PansFunctions {
  /** Must follow every change of PG. */
  prepareStepConstants(): void;
  /** Digests the first `count` rows of the columns. */
  run(raidaId: number, count: number): void;
}

function wasmEngine(): PansEngine | undefined {
  const kernel = instantiate<PansFunctions>(MD5_PANS_WASM);
  if (kernel === undefined) return undefined;
  const { prepareStepConstants, run } = kernel.functions;
  const stepConstants = kernel.region("STEP_CONSTANTS");
  const pgBytes = kernel.region("PG");
  const denominationBytes = kernel.region("DENOMINATIONS");
  const serialBytes = kernel.region("SERIALS");
  const digests = kernel.region("DIGESTS");
  const denominationColumn = new Int8Array(
    denominationBytes.buffer,
    denominationBytes.byteOffset,
    denominationBytes.length,
  );
  const serialColumn = new Uint32Array(serialBytes.buffer, serialBytes.byteOffset, serialBytes.length / 4);
  const capacity = serialColumn.length;

  return ({ raidaId, denominations, serials, pg }, pans) => {
    pgBytes.set(pg);
    prepareStepConstants();
    for (let from = 0; from < serials.length; from += capacity) {
      const to = Math.min(from + capacity, serials.length);
      denominationColumn.set(denominations.subarray(from, to));
      serialColumn.set(serials.subarray(from, to));
      run(raidaId, to - from);
      pans.set(to - from === capacity ? digests : digests.subarray(0, (to - from) * PAN_BYTES), from * PAN_BYTES);
    }
    // PG and the new numbers are secret; the last step wrote the numbers of up to eleven further rows.
    pgBytes.fill(0);
    stepConstants.fill(0);
    digests.fill(0, 0, (Math.min(serials.length, capacity) + 11) * PAN_BYTES);
  };
}

function oneByOne(hash: HashEngine | undefined): PansEngine | undefined {
  if (hash === undefined) return undefined;
  return ({ raidaId, denominations, serials, pg }, pans) => {
    const message = new Uint8Array(MESSAGE_BYTES);
    const view = new DataView(message.buffer);
    message[0] = raidaId;
    message.set(pg, MESSAGE_BYTES - PG_BYTES);
    for (let i = 0; i < serials.length; i++) {
      view.setInt8(1, denominations[i]!);
      view.setUint32(2, serials[i]!);
      hash.digestInto(message, pans, i * PAN_BYTES);
    }
    message.fill(0);
  };
}
