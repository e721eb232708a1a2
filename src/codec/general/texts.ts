/** Texts in the encodings that can be read and written alike: what is read is written as the same bytes. */
import { asciiBytes, readAscii, readUtf8, SHORT_TEXT_BYTES, shortAscii, utf8Bytes } from "../runtime.js";
import { sameBytes } from "./region.js";

/** The characters of code page 437 above ASCII, in the order of their bytes. */
const CP437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/** Encodings in which the bytes of ASCII are themselves. */
const SUPERSETS: ReadonlySet<string> = /* @__PURE__ */ new Set(["ASCII", "UTF-8", "ISO-8859-1", "IBM437"]);

/** Bytes of each character of an encoding that only a decoder of the platform knows. */
const tables = /* @__PURE__ */ new Map<string, ReadonlyMap<string, readonly number[]>>();

/** The text of bytes, undefined where they are none, or none that would be written as they are. */
export function decodeText(bytes: Uint8Array, encoding: string): string | undefined {
  switch (encoding) {
    case "ASCII":
      return readAscii(bytes, 0, bytes.length);
    case "UTF-8":
      return readUtf8(bytes, 0, bytes.length);
    case "UTF-16LE":
    case "UTF-16BE":
      return decodeUtf16(bytes, encoding === "UTF-16LE");
    case "UTF-32LE":
    case "UTF-32BE":
      return decodeUtf32(bytes, encoding === "UTF-32LE");
    case "ISO-8859-1":
      return charsOf(bytes, (byte) => String.fromCharCode(byte));
    case "IBM437":
      return charsOf(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : CP437[byte - 0x80]!));
    default: {
      let text: string;
      try {
        text = decoderOf(encoding).decode(bytes);
      } catch {
        return undefined;
      }
      const again = encodeText(text, encoding);
      return again !== undefined && sameBytes(again, bytes) ? text : undefined;
    }
  }
}

/** The same of some of the bytes. Texts of most formats are short: a view of their bytes takes longer than they do. */
export function decodeTextAt(bytes: Uint8Array, at: number, end: number, encoding: string): string | undefined {
  const isShort = end - at <= SHORT_TEXT_BYTES && SUPERSETS.has(encoding);
  return (isShort ? shortAscii(bytes, at, end) : undefined) ?? decodeText(bytes.subarray(at, end), encoding);
}

/** The bytes of a text, undefined where the encoding has no such characters. */
export function encodeText(text: string, encoding: string): Uint8Array | undefined {
  switch (encoding) {
    case "ASCII":
      return asciiBytes(text);
    case "UTF-8":
      return utf8Bytes(text);
    case "UTF-16LE":
    case "UTF-16BE":
      return encodeUtf16(text, encoding === "UTF-16LE");
    case "UTF-32LE":
    case "UTF-32BE":
      return encodeUtf32(text, encoding === "UTF-32LE");
    case "ISO-8859-1":
      return bytesOf(text, (char) => (char.length === 1 && char <= "\u00ff" ? [char.charCodeAt(0)] : undefined));
    case "IBM437":
      return bytesOf(text, (char) => {
        if (char < "\u0080") return [char.charCodeAt(0)];
        const at = CP437.indexOf(char);
        return at < 0 ? undefined : [at + 0x80];
      });
    default: {
      const table = tableOf(encoding);
      return bytesOf(text, (char) => table.get(char));
    }
  }
}

function charsOf(bytes: Uint8Array, charOf: (byte: number) => string): string {
  let text = "";
  for (const byte of bytes) text += charOf(byte);
  return text;
}

function bytesOf(text: string, of: (char: string) => readonly number[] | undefined): Uint8Array | undefined {
  const bytes: number[] = [];
  for (const char of text) {
    const found = of(char);
    if (found === undefined) return undefined;
    bytes.push(...found);
  }
  return Uint8Array.from(bytes);
}

function decodeUtf16(bytes: Uint8Array, isLittle: boolean): string | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  let text = "";
  for (let i = 0; i < bytes.length; i += 2) {
    const [first, second] = [bytes[i]!, bytes[i + 1]!];
    text += String.fromCharCode(isLittle ? first | (second << 8) : (first << 8) | second);
  }
  return /\p{Surrogate}/u.test(text) ? undefined : text;
}

function encodeUtf16(text: string, isLittle: boolean): Uint8Array | undefined {
  if (/\p{Surrogate}/u.test(text)) return undefined;
  const bytes = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[2 * i] = isLittle ? unit & 0xff : unit >> 8;
    bytes[2 * i + 1] = isLittle ? unit >> 8 : unit & 0xff;
  }
  return bytes;
}

function decodeUtf32(bytes: Uint8Array, isLittle: boolean): string | undefined {
  if (bytes.length % 4 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = "";
  for (let i = 0; i < bytes.length; i += 4) {
    const point = view.getUint32(i, isLittle);
    if (point > 0x10_ffff || (point >= 0xd800 && point <= 0xdfff)) return undefined;
    text += String.fromCodePoint(point);
  }
  return text;
}

function encodeUtf32(text: string, isLittle: boolean): Uint8Array | undefined {
  if (/\p{Surrogate}/u.test(text)) return undefined;
  const points = [...text].map((char) => char.codePointAt(0)!);
  const bytes = new Uint8Array(4 * points.length);
  const view = new DataView(bytes.buffer);
  points.forEach((point, i) => view.setUint32(4 * i, point, isLittle));
  return bytes;
}

function decoderOf(encoding: string): TextDecoder {
  return new TextDecoder(encoding.toLowerCase(), { fatal: true, ignoreBOM: true });
}

/** Asks the decoder for each of the one or two bytes that a character can have; where two have one, the first stays. */
function tableOf(encoding: string): ReadonlyMap<string, readonly number[]> {
  const known = tables.get(encoding);
  if (known !== undefined) return known;
  const decoder = decoderOf(encoding);
  const table = new Map<string, readonly number[]>();
  const leads: number[] = [];
  const add = (bytes: readonly number[]): boolean => {
    try {
      const char = decoder.decode(Uint8Array.from(bytes));
      if ([...char].length === 1 && !table.has(char)) table.set(char, bytes);
      return true;
    } catch {
      return false;
    }
  };
  for (let byte = 0; byte < 256; byte++) if (!add([byte])) leads.push(byte);
  // An encoding of single bytes has no leads but bytes that mean nothing.
  for (const lead of leads) for (let trail = 0x30; trail < 256; trail++) add([lead, trail]);
  tables.set(encoding, table);
  return table;
}
