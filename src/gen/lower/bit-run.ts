/** Bit fields that share bytes: they wait until they fill them. */
import { rangeOf, type BitField } from "../ir.js";
import type { Keys } from "../keys.js";
import { displayOf, placed, type FieldReader } from "./fields.js";
import { refusal } from "../refused.js";

const RUN_BITS_MAX = 32;

/** A run of bit fields under construction. */
export class BitRun {
  readonly endian: "be" | "le";
  readonly #fields: { readonly keys: Keys; readonly name: string; readonly width: number }[] = [];
  #width = 0;

  constructor(endian: "be" | "le") {
    this.endian = endian;
  }

  /** @throws WireError `spec` when the run gets too long */
  add(keys: Keys, name: string, width: number): void {
    this.#fields.push({ keys, name, width });
    this.#width += width;
    if (this.#width > RUN_BITS_MAX) keys.fail(`a run of bit fields is at most ${RUN_BITS_MAX} bits long`);
  }

  get names(): readonly string[] {
    return this.#fields.map(({ name }) => name);
  }

  get isWhole(): boolean {
    return this.#width % 8 === 0;
  }

  /**
   * The fields of the run, at an offset.
   * @param close closes the keys of one of them
   */
  fields(offset: number, reader: FieldReader, close: (keys: Keys) => void): { size: number; fields: BitField[] } {
    if (!this.isWhole)
      this.#fields[0]!.keys.fail(`the bit fields from here on make ${this.#width} bits, which do not fill whole bytes`);
    const size = this.#width / 8;
    let used = 0;
    const fields = this.#fields.map(({ keys, name, width }): BitField => {
      const shift = this.endian === "be" ? this.#width - used - width : used;
      used += width;
      const place = { ...placed(keys, name, size), offset };
      const named = reader.enum(keys, width, false);
      if (named !== null && width === 1) keys.fail(refusal("bitEnum"));
      const rule = reader.rule(keys, named !== null, width, false);
      const value = keys.take("-default")?.integer ?? null;
      const [low, high] = rangeOf(width, false);
      if (named?.strict === true && !named.values.some((each) => each >= low && each <= high))
        keys.fail("no value is allowed");
      const display = displayOf(keys);
      close(keys);
      return {
        kind: "bits",
        ...place,
        endian: this.endian,
        shift,
        width,
        rule,
        enum: named,
        derive: null,
        default: value,
        display,
      };
    });
    return { size, fields };
  }
}
