/** Files of keys: JSON as a key container has it, for their owner alone, written without a text of any key. */
import { closeSync, fsyncSync, openSync, unlinkSync, writeSync } from "node:fs";
import { argumentError } from "../../errors.js";

/** A key to write. Its bytes are borrowed. */
export interface FiledKey {
  readonly keyId: string;
  readonly bytes: Uint8Array;
}

const ALPHABET = /* @__PURE__ */ Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
const PAD = 0x3d;

/** A new file of keys, which is there before any key is asked for: one that cannot be written costs no key. */
export class KeyFile {
  readonly #path: string;
  readonly #file: number;
  #isOpen = true;

  /** @throws WireError `argument` if the file exists or cannot be made */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = openSync(path, "wx", 0o600);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw argumentError("qkd", "out", "a file that does not exist yet", `${path} (${code})`, { cause });
    }
  }

  /** Writes `{"about": …, "keys": [{"key_ID", "key"}]}` and closes. @param about what stands beside the keys */
  write(about: Readonly<Record<string, unknown>>, keys: readonly FiledKey[]): void {
    const members = Object.entries(about).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)},`);
    this.#put(Buffer.from(`{${members.join("")}"keys":[`));
    for (const [i, { keyId, bytes }] of keys.entries()) {
      this.#put(Buffer.from(`${i === 0 ? "" : ","}\n{"key_ID":${JSON.stringify(keyId)},"key":"`));
      const text = base64Of(bytes);
      try {
        this.#put(text);
      } finally {
        text.fill(0);
      }
      this.#put(Buffer.from('"}'));
    }
    this.#put(Buffer.from("\n]}\n"));
    fsyncSync(this.#file);
    this.#close();
  }

  /** Removes the file unless it was written. */
  discard(): void {
    if (!this.#isOpen) return;
    this.#close();
    unlinkSync(this.#path);
  }

  #put(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += writeSync(this.#file, bytes, at)) continue;
  }

  #close(): void {
    this.#isOpen = false;
    closeSync(this.#file);
  }
}

/** The base64 of bytes (RFC 4648 §4) as bytes, which can be wiped. */
function base64Of(bytes: Uint8Array): Buffer {
  const text = Buffer.alloc(Math.ceil(bytes.length / 3) * 4, PAD);
  for (let at = 0, to = 0; at < bytes.length; at += 3, to += 4) {
    const left = bytes.length - at;
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text[to] = ALPHABET[group >> 18]!;
    text[to + 1] = ALPHABET[(group >> 12) & 63]!;
    if (left > 1) text[to + 2] = ALPHABET[(group >> 6) & 63]!;
    if (left > 2) text[to + 3] = ALPHABET[group & 63]!;
  }
  return text;
}
