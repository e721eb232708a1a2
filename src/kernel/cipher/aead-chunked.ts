/** Chunked AEAD: seals and opens texts that are longer than the memory of a module. */
import { apartOrInPlace, plain } from "../engine/checks.js";
import { putBytes, type Taker } from "../engine/small-copy.js";

/** The functions of a module that holds the key and the nonce of one message. They take addresses of regions. */
export interface AeadFunctions {
  begin(): void;
  crypt(from: number, length: number): void;
  authenticate(from: number, length: number): void;
  tagInto(aadLength: number, length: number, to: number): void;
  matches(a: number, b: number): 0 | 1;
  /** Clears everything derived from the key. */
  forget(): void;
  clear(at: number, bytes: number): void;
}

/** A module with its regions. */
export interface AeadModule extends AeadFunctions {
  /** The region for parts, of at least `PART_BYTES`. */
  readonly text: Uint8Array;
  readonly textAt: number;
  readonly take: Taker;
  /** A region with room for a tag. */
  readonly aad: Uint8Array;
  readonly aadAt: number;
}

/** The tag follows the ciphertext (RFC 5116 §5.1). */
export const TAG_BYTES = 16;
/** A text up to this length is sealed or opened in one call, a longer one in parts of this size. */
export const PART_BYTES = 64 * 1024;
/** Additional data up to this length takes one call; longer data passes through the region for parts. */
export const AAD_BYTES = 1024;

/** As `seal` of an AeadCipher. The module holds the key and the nonce. */
export function sealInParts(
  module: AeadModule,
  plaintext: Uint8Array,
  aad: Uint8Array,
  out: Uint8Array,
  at: number,
): void {
  const { text, textAt, take } = module;
  const target = plain(out).subarray(at, at + plaintext.length + TAG_BYTES);
  const source = plain(apartOrInPlace(target, plaintext));
  module.begin();
  eachPart(text, plain(aad), (length) => module.authenticate(textAt, length));
  eachPart(text, source, (length, from) => {
    module.crypt(textAt, length);
    module.authenticate(textAt, length);
    take(length, target, from);
  });
  module.tagInto(aad.length, source.length, textAt);
  take(TAG_BYTES, target, source.length);
  leave(module);
}

/** As `open` of an AeadCipher. It reads the ciphertext twice: it decrypts nothing before the tag matches. */
export function openInParts(
  module: AeadModule,
  sealed: Uint8Array,
  aad: Uint8Array,
  out: Uint8Array,
  at: number,
): boolean {
  const { text, textAt, take, aadAt } = module;
  const target = plain(out).subarray(at, at + sealed.length - TAG_BYTES);
  const source = plain(apartOrInPlace(target, sealed));
  const ciphertext = source.subarray(0, target.length);
  module.begin();
  for (const authenticated of [plain(aad), ciphertext]) {
    eachPart(text, authenticated, (length) => module.authenticate(textAt, length));
  }
  module.tagInto(aad.length, ciphertext.length, textAt);
  putBytes(source.subarray(ciphertext.length), module.aad);
  const genuine = module.matches(textAt, aadAt) === 1;
  if (genuine) {
    eachPart(text, ciphertext, (length, from) => {
      module.crypt(textAt, length);
      take(length, target, from);
    });
  }
  module.clear(aadAt, TAG_BYTES);
  leave(module);
  return genuine;
}

/** Copies `bytes` to `text` part by part; calls `use` with the length of each part and its position. */
function eachPart(text: Uint8Array, bytes: Uint8Array, use: (length: number, from: number) => void): void {
  for (let from = 0; from < bytes.length; from += PART_BYTES) {
    const part = bytes.subarray(from, from + PART_BYTES);
    text.set(part);
    use(part.length, from);
  }
}

function leave(module: AeadModule): void {
  module.forget();
  module.clear(module.textAt, module.text.length);
}
