// Generated from thermometer.ksy by `specwire gen`; do not edit. spec sha256 4a1dc9c7b5384be0d47939c44d23a4e77429cf3dbdbf6c120e63baf0a7e93d05
/** Questions to a thermometer and its answers, a datagram each. */
import { crc32, enter, fail, failRange, failSpace, failure, foreign, leave,
    lengthOf, next, raise, refuse, refuseRange, requireObject, uint32At } from "specwire/codec";
const QUESTION_SITES = {
  format: "thermometer_question",
  file: "thermometer.ksy",
  sites: [
    ["short", "", 6, "10 bytes"],
    ["trailing", "", 6, ""],
    ["constant", "magic", 8, "54 51"],
    ["crc", "crc", 10, "the crc32 checksum"],
  ],
};
const QUESTION_SITES$WRITTEN = {
  format: "thermometer_question",
  file: "thermometer.ksy",
  sites: [
    ["argument", "", 6, "an object"],
    ["range", "number", 9, "0 to 4294967295"],
  ],
};
export const QUESTION_SIZE = 10;
function readQuestion(bytes, at, end) {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(QUESTION_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeQuestion(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(QUESTION_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no thermometer_question. */
export function decodeQuestion(bytes, at = 0, end = lengthOf(bytes)) {
  return readQuestion(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeQuestion(bytes, at = 0, end = lengthOf(bytes)) {
  const value = readQuestion(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeQuestion(value) {
  try {
    const bytes = new Uint8Array($sizeQuestion(value));
    $putQuestion(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, QUESTION_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeQuestionInto(value, bytes, at = 0) {
  try {
    const need = $sizeQuestion(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(QUESTION_SITES$WRITTEN, need, bytes, at);
    return $putQuestion(value, bytes, at);
  } catch (error) { throw foreign(error, QUESTION_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekQuestionLength(bytes, at, end) {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(QUESTION_SITES, bytes, at, end);
  if ((end > at && bytes[at] !== 84) || (end > at + 1 && bytes[at + 1] !== 81)) return -1;
  return 10;
}
function $takeQuestion(bytes, at, end) {
  if (end - at < 10) return refuse(QUESTION_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (bytes[at] !== 84 || bytes[at + 1] !== 81) return refuse(QUESTION_SITES, 2 /* magic: constant */, at);
  const $crc = uint32At(bytes, at + 6);
  if (crc32(bytes, 0, at, at + 6) !== $crc) return refuse(QUESTION_SITES, 3 /* crc: crc */, at + 6, $crc);
  next.at = at + 10;
  return {
    number: uint32At(bytes, at + 2),
  };
}
function $putQuestion(value, bytes, at) {
  requireObject(QUESTION_SITES$WRITTEN, 0 /* argument */, at, value);
  bytes[at] = 84; bytes[at + 1] = 81;
  const $number = value.number;
  if (typeof $number !== "number" || $number >>> 0 !== $number)
    fail(QUESTION_SITES$WRITTEN, 1 /* number: range */, at + 2, $number);
  bytes[at + 2] = $number >>> 24; bytes[at + 3] = $number >>> 16; bytes[at + 4] = $number >>> 8;
  bytes[at + 5] = $number;
  const $crc = 0;
  bytes[at + 6] = $crc >>> 24; bytes[at + 7] = $crc >>> 16; bytes[at + 8] = $crc >>> 8; bytes[at + 9] = $crc;
  const $crc$sum = crc32(bytes, 0, at, at + 6);
  bytes[at + 6] = $crc$sum >>> 24; bytes[at + 7] = $crc$sum >>> 16; bytes[at + 8] = $crc$sum >>> 8;
  bytes[at + 9] = $crc$sum;
  return at + 10;
}
function $sizeQuestion(_value) { return 10; }
const ANSWER_SITES = {
  format: "thermometer_answer",
  file: "thermometer.ksy",
  sites: [
    ["short", "", 11, "12 bytes"],
    ["trailing", "", 11, ""],
    ["constant", "magic", 13, "54 41"],
    ["range", "tenths", 15, "-2732 to 10000"],
    ["crc", "crc", 16, "the crc32 checksum"],
  ],
};
const ANSWER_SITES$WRITTEN = {
  format: "thermometer_answer",
  file: "thermometer.ksy",
  sites: [
    ["argument", "", 11, "an object"],
    ["range", "number", 14, "0 to 4294967295"],
    ["range", "tenths", 15, "-2732 to 10000"],
  ],
};
export const ANSWER_SIZE = 12;
function readAnswer(bytes, at, end) {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(ANSWER_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeAnswer(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(ANSWER_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no thermometer_answer. */
export function decodeAnswer(bytes, at = 0, end = lengthOf(bytes)) {
  return readAnswer(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeAnswer(bytes, at = 0, end = lengthOf(bytes)) {
  const value = readAnswer(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeAnswer(value) {
  try {
    const bytes = new Uint8Array($sizeAnswer(value));
    $putAnswer(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, ANSWER_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeAnswerInto(value, bytes, at = 0) {
  try {
    const need = $sizeAnswer(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(ANSWER_SITES$WRITTEN, need, bytes, at);
    return $putAnswer(value, bytes, at);
  } catch (error) { throw foreign(error, ANSWER_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekAnswerLength(bytes, at, end) {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(ANSWER_SITES, bytes, at, end);
  if ((end > at && bytes[at] !== 84) || (end > at + 1 && bytes[at + 1] !== 65)) return -1;
  if (end - at >= 8) {
    const $tenths = ((((bytes[at + 6] << 8) | bytes[at + 7]) << 16) >> 16);
    if ($tenths < -2732 || $tenths > 10000) return -1;
  }
  return 12;
}
function $takeAnswer(bytes, at, end) {
  if (end - at < 12) return refuse(ANSWER_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (bytes[at] !== 84 || bytes[at + 1] !== 65) return refuse(ANSWER_SITES, 2 /* magic: constant */, at);
  const $tenths = ((((bytes[at + 6] << 8) | bytes[at + 7]) << 16) >> 16);
  if ($tenths < -2732 || $tenths > 10000) return refuse(ANSWER_SITES, 3 /* tenths: range */, at + 6, $tenths);
  const $crc = uint32At(bytes, at + 8);
  if (crc32(bytes, 0, at, at + 8) !== $crc) return refuse(ANSWER_SITES, 4 /* crc: crc */, at + 8, $crc);
  next.at = at + 12;
  return {
    number: uint32At(bytes, at + 2),
    tenths: $tenths,
  };
}
function $putAnswer(value, bytes, at) {
  requireObject(ANSWER_SITES$WRITTEN, 0 /* argument */, at, value);
  bytes[at] = 84; bytes[at + 1] = 65;
  const $number = value.number;
  if (typeof $number !== "number" || $number >>> 0 !== $number)
    fail(ANSWER_SITES$WRITTEN, 1 /* number: range */, at + 2, $number);
  bytes[at + 2] = $number >>> 24; bytes[at + 3] = $number >>> 16; bytes[at + 4] = $number >>> 8;
  bytes[at + 5] = $number;
  const $tenths = value.tenths;
  if (typeof $tenths !== "number" || ($tenths << 16) >> 16 !== $tenths || $tenths < -2732 || $tenths > 10000)
    fail(ANSWER_SITES$WRITTEN, 2 /* tenths: range */, at + 6, $tenths);
  bytes[at + 6] = $tenths >>> 8; bytes[at + 7] = $tenths;
  const $crc = 0;
  bytes[at + 8] = $crc >>> 24; bytes[at + 9] = $crc >>> 16; bytes[at + 10] = $crc >>> 8; bytes[at + 11] = $crc;
  const $crc$sum = crc32(bytes, 0, at, at + 8);
  bytes[at + 8] = $crc$sum >>> 24; bytes[at + 9] = $crc$sum >>> 16; bytes[at + 10] = $crc$sum >>> 8;
  bytes[at + 11] = $crc$sum;
  return at + 12;
}
function $sizeAnswer(_value) { return 12; }
