// Generated from thermometer.ksy by `specwire gen`; do not edit. spec sha256 4a1dc9c7b5384be0d47939c44d23a4e77429cf3dbdbf6c120e63baf0a7e93d05
/** Questions to a thermometer and its answers, a datagram each. */
import type { NewBytes, Result } from "specwire/codec";
export interface Question {
  number: number;
}
export declare const QUESTION_SIZE = 10;
/** @throws WireError when the bytes are no thermometer_question. */
export declare function decodeQuestion(bytes: Uint8Array, at?: number, end?: number): Question;
/** The same without throwing, for hot and hostile paths. */
export declare function tryDecodeQuestion(bytes: Uint8Array, at?: number, end?: number): Result<Question>;
/** @throws WireError when the value does not fit the format. */
export declare function encodeQuestion(value: Question): NewBytes;
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export declare function encodeQuestionInto(value: Question, bytes: Uint8Array, at?: number): number;
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export declare function peekQuestionLength(bytes: Uint8Array, at: number, end: number): number;
export interface Answer {
  /** The number of the question. */
  number: number;
  /** Tenths of a degree Celsius. */
  tenths: number;
}
export declare const ANSWER_SIZE = 12;
/** @throws WireError when the bytes are no thermometer_answer. */
export declare function decodeAnswer(bytes: Uint8Array, at?: number, end?: number): Answer;
/** The same without throwing, for hot and hostile paths. */
export declare function tryDecodeAnswer(bytes: Uint8Array, at?: number, end?: number): Result<Answer>;
/** @throws WireError when the value does not fit the format. */
export declare function encodeAnswer(value: Answer): NewBytes;
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export declare function encodeAnswerInto(value: Answer, bytes: Uint8Array, at?: number): number;
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export declare function peekAnswerLength(bytes: Uint8Array, at: number, end: number): number;
