/** Values that an untyped caller may pass for bytes, and bytes of another realm. */
import { runInNewContext } from "node:vm";

/** Values with `length` items that are no Uint8Array, with a description of each. */
export function notBytes(length: number): readonly (readonly [what: string, value: never])[] {
  const buffer = new ArrayBuffer(length);
  const values: Record<string, unknown> = {
    nothing: undefined,
    null: null,
    "a number": length,
    text: "7".repeat(length),
    "an array": new Array<number>(length).fill(300),
    "an array-like": { length },
    "an ArrayBuffer": buffer,
    "an Int8Array": new Int8Array(length),
    "a Uint8ClampedArray": new Uint8ClampedArray(length),
    "a Uint16Array": new Uint16Array(length),
    "a DataView": new DataView(buffer),
    "an object that inherits from a Uint8Array": Object.create(new Uint8Array(length)),
    "an object that inherits from its prototype": Object.create(Uint8Array.prototype, { length: { value: length } }),
    "an object whose tag claims to be one": { length, [Symbol.toStringTag]: "Uint8Array", BYTES_PER_ELEMENT: 1 },
    "an Int8Array with its prototype": Object.setPrototypeOf(new Int8Array(length), Uint8Array.prototype),
    "a proxy of one": new Proxy(new Uint8Array(length), {}),
    "bytes whose memory was transferred away": transferred(length),
  };
  return Object.entries(values) as unknown as readonly (readonly [string, never])[];
}

/** Bytes whose memory a worker has taken over: they read as empty, and their methods throw. */
export function transferred(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  return bytes;
}

/** The same bytes as a Uint8Array of another realm. */
export function foreign(bytes: Uint8Array): Uint8Array {
  const copy = runInNewContext(`new Uint8Array(${bytes.length})`) as Uint8Array;
  copy.set(bytes);
  return copy;
}
