/** Bodies of errors: what a KME, the web server in front of it or its framework says went wrong. */
import { isWireError } from "../../../errors.js";
import { harmless } from "./harmless.js";
import { htmlText } from "./html-text.js";
import { Scanner } from "./scanner.js";

const FORMAT = "qkd_error";
const MESSAGE_CHARACTERS_MAX = 500;
const DETAILS_MAX = 16;
const DETAIL_CHARACTERS_MAX = 200;
/** Bytes of a text or a page that are looked at. */
const TEXT_BYTES_MAX = 16 * 1024;

/** What a body says. All texts are in one line, bounded, without control characters, and otherwise as received. */
export interface ErrorBody {
  /** Told by the bytes, except that a text of type text/html is a page. */
  readonly form: "json" | "html" | "text" | "empty";
  /** The words of the KME; empty where it says nothing. */
  readonly message: string;
  /** What stands beside the message, each as `name: value`. */
  readonly details: readonly string[];
}

/**
 * Reads `{message, details}` of the standard, `{detail}` as FastAPI writes it, a page, or a text. It never refuses: a
 * body that is none of these is a text. `keys` in a JSON body are passed over without a text of any.
 * @param bytes borrowed @param contentType the header, in any case; undefined where there is none
 */
export function parseErrorBody(bytes: Uint8Array, contentType?: string): ErrorBody {
  const first = firstByte(bytes);
  if (first === undefined) return { form: "empty", message: "", details: [] };
  // What begins like JSON and is none, or no object, may still hold keys: nothing of it is shown.
  if (first === "{") return readJson(bytes) ?? { form: "text", message: "", details: [] };
  if (first === "[") return { form: "text", message: "", details: [] };
  const text = new TextDecoder().decode(bytes.subarray(0, TEXT_BYTES_MAX));
  const isHtml = first === "<" || /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? "");
  const message = harmless(isHtml ? htmlText(text) : text, MESSAGE_CHARACTERS_MAX);
  return { form: isHtml ? "html" : "text", message, details: [] };
}

/** Whether a body is JSON, as its first byte that is not blank tells. */
export function isJsonObject(bytes: Uint8Array): boolean {
  return firstByte(bytes) === "{";
}

function firstByte(bytes: Uint8Array): string | undefined {
  const byte = bytes.find((each) => each !== 0x20 && each !== 0x09 && each !== 0x0a && each !== 0x0d);
  return byte === undefined ? undefined : String.fromCharCode(byte);
}

function readJson(bytes: Uint8Array): ErrorBody | undefined {
  const found: Found = { message: "", detail: "", details: [] };
  const scanner = new Scanner(bytes, FORMAT);
  try {
    scanner.object("", (name) => {
      if (name === "message") found.message = textOf(scanner) ?? found.message;
      else if (name === "detail" || name === "details") readDetails(scanner, name, found);
      else scanner.skip("");
    });
    scanner.end();
  } catch (error) {
    if (isWireError(error)) return undefined;
    throw error;
  }
  const { message, detail, details } = found;
  return { form: "json", message: message === "" ? (detail === "" ? (details[0] ?? "") : detail) : message, details };
}

interface Found {
  message: string;
  /** `detail` where it is a text. */
  detail: string;
  readonly details: string[];
}

/** A text, a list of texts or objects, or one object. */
function readDetails(scanner: Scanner, name: string, found: Found): void {
  const add = (text: string): void => {
    if (text !== "" && found.details.length < DETAILS_MAX) found.details.push(harmless(text, DETAIL_CHARACTERS_MAX));
  };
  const first = scanner.peek();
  if (first === 0x22 && name === "detail") found.detail = textOf(scanner)!;
  else if (first === 0x5b) scanner.array(name, () => add(itemOf(scanner)));
  else add(itemOf(scanner));
}

/** An item in words: a text; the members of an object as `name: value`, those of lists joined by dots. */
function itemOf(scanner: Scanner): string {
  if (scanner.peek() !== 0x7b) return wordsOf(scanner);
  const parts: string[] = [];
  scanner.object("details", (name) => {
    const words = wordsOf(scanner);
    if (words !== "" && parts.length < DETAILS_MAX) parts.push(`${name}: ${words}`);
  });
  return parts.join(", ");
}

function wordsOf(scanner: Scanner): string {
  const first = scanner.peek();
  if (first === 0x22) return scanner.text("details", DETAIL_CHARACTERS_MAX);
  if (first !== 0x5b) {
    const start = scanner.at;
    scanner.skip("details");
    // An object within an object is passed over: nobody reads it in one line.
    return first === 0x7b ? "" : asciiOf(scanner.bytes, start, scanner.at);
  }
  const words: string[] = [];
  scanner.array("details", () => {
    const word = scanner.peek() === 0x5b ? (scanner.skip("details"), "") : wordsOf(scanner);
    if (word !== "" && words.length < DETAILS_MAX) words.push(word);
  });
  return words.join(".");
}

/** A number or a literal as it stands. */
function asciiOf(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, Math.min(end, start + DETAIL_CHARACTERS_MAX)));
}

/** A text in one line; undefined for a value of another kind, which is passed over. */
function textOf(scanner: Scanner): string | undefined {
  if (scanner.peek() === 0x22) return harmless(scanner.text("", MESSAGE_CHARACTERS_MAX), MESSAGE_CHARACTERS_MAX);
  scanner.skip("");
  return undefined;
}
