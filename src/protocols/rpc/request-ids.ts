/** RequestIDs: 11 characters base64url of 8 random bytes. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const ID_BYTES = 8;
/** Ids of one draw: a draw for each id would cost more than all else of a short call. */
const IDS_AT_ONCE = 64;

/** Draws ids that nobody can guess, so that a forged answer matches no request. */
export class RequestIds {
  readonly #random: (n: number) => Uint8Array;
  #bytes = new Uint8Array(0);
  #at = 0;

  constructor(random: (n: number) => Uint8Array) {
    this.#random = random;
  }

  next(): string {
    if (this.#at === this.#bytes.length) {
      this.#bytes = new Uint8Array(this.#random(ID_BYTES * IDS_AT_ONCE));
      this.#at = 0;
    }
    let id = "";
    // 64 bits in characters of 6: the last one holds the 4 bits that are left, at its top.
    let [bits, count] = [0, 0];
    for (let i = 0; i < ID_BYTES; i++) {
      bits = (bits << 8) | this.#bytes[this.#at++]!;
      for (count += 8; count >= 6; count -= 6) id += ALPHABET[(bits >> (count - 6)) & 63];
      bits &= (1 << count) - 1;
    }
    return id + ALPHABET[(bits << (6 - count)) & 63];
  }
}
