/** protobuf-es as the judge of our codecs: the same values, the same bytes, the same verdict on damaged ones. */
import { isDeepStrictEqual } from "node:util";
import {
  create,
  fromBinary,
  toBinary,
  type DescMessage,
  type Message as EsMessage,
  type Registry,
} from "@bufbuild/protobuf";
import { toHex } from "../../../src/bytes/index.js";
import { describeIssue, isWireError, type Result } from "../../../src/errors.js";
import type { Message, MessageField, MessageValue, Module } from "../../../src/gen/ir.js";
import { messageReferences, Messages } from "../../../src/gen/messages.js";
import { pascal } from "../../../src/gen/names.js";
import type { Emitted } from "../../support/generate.js";
import { walk } from "./wire-walk.js";

type Value = Record<string, unknown>;

/** Bytes above which not every bit is turned. */
const DAMAGED_BYTES_MAX = 160;

/** Judges the codec of one message. */
export class MessageJudge {
  readonly #messages: Messages;
  readonly #message: Message;
  readonly #desc: DescMessage;
  readonly #registry: Registry;
  readonly #codecs: Emitted;
  readonly #name: string;
  /** What differs, each in a line. */
  readonly failures: string[] = [];
  /** Damaged bytes that both accept, and that both refuse. */
  readonly verdicts = { accepted: 0, refused: 0 };

  constructor(module: Module, message: Message, registry: Registry, codecs: Emitted) {
    this.#messages = new Messages(module);
    this.#message = message;
    this.#registry = registry;
    this.#desc = registry.getMessage(message.format)!;
    this.#codecs = codecs;
    const isWide = this.#messages.isWide({ name: message.name, module: module.id });
    this.#name = pascal(message.name) + (isWide ? "Big" : "");
  }

  /** One value, as a decoder gives it. */
  value(value: Value): Uint8Array {
    const ours = this.#codecs[`encode${this.#name}`]!(value) as Uint8Array;
    const theirs = toBinary(this.#desc, this.#theirs(this.#desc, this.#message, value));
    // The judge sorts the keys of maps that are numbers.
    if (ours.length !== theirs.length || (!this.#hasMap && toHex(ours) !== toHex(theirs)))
      this.#fail(`is written as ${toHex(ours)}, by the judge as ${toHex(theirs)}`);
    for (const bytes of [ours, theirs]) {
      const read = this.#read(bytes);
      if (!read.ok) this.#fail(`${toHex(bytes)} is refused: ${describeIssue(read.error)}`);
      else if (!isDeepStrictEqual(read.value, value)) this.#fail(`${toHex(bytes)} is read as another value`);
    }
    return ours;
  }

  /**
   * Any bytes: they are accepted if they are well-formed, as the value that the judge reads. It accepts varints of more
   * than 64 bits and values that end behind what holds them, so that what is well-formed is found by a walk of our own.
   */
  bytes(bytes: Uint8Array, what: string): void {
    const { isWellFormed, isMisread } = walk(this.#desc, bytes);
    let ours: Result<unknown>;
    try {
      ours = this.#read(bytes);
    } catch (error) {
      return this.#fail(`${what} ${toHex(bytes)} throws ${String(error)}`);
    }
    if (ours.ok !== isWellFormed) {
      const verdict = ours.ok ? "accepted" : `refused (${describeIssue(ours.error)})`;
      return this.#fail(`${what} ${toHex(bytes)} is ${verdict}`);
    }
    if (!ours.ok) {
      this.verdicts.refused++;
      return;
    }
    this.verdicts.accepted++;
    const again = this.#codecs[`encode${this.#name}`]!(ours.value) as Uint8Array;
    const twice = this.#read(again);
    if (!twice.ok || !isDeepStrictEqual(twice.value, ours.value))
      return this.#fail(`${what} ${toHex(bytes)} is written as ${toHex(again)}, which is another value`);
    if (isMisread) return;
    // The order of maps is their own.
    const expected = this.#read(toBinary(this.#desc, fromBinary(this.#desc, bytes)));
    if (!expected.ok || !isDeepStrictEqual(expected.value, ours.value))
      this.#fail(`${what} ${toHex(bytes)} is read as ${toHex(again)}, unlike by the judge`);
  }

  /** Every truncation, and every bit turned. */
  damage(bytes: Uint8Array): void {
    const most = Math.min(bytes.length, DAMAGED_BYTES_MAX);
    for (let end = 0; end < most; end++) this.bytes(bytes.subarray(0, end), "truncated");
    for (let bit = 0; bit < most * 8; bit++) {
      const turned = bytes.slice();
      turned[bit >> 3]! ^= 1 << (bit & 7);
      this.bytes(turned, `with bit ${bit} turned`);
    }
  }

  /** A value that is none: it is refused with a path, never written. */
  refuses(value: unknown): void {
    try {
      this.#codecs[`encode${this.#name}`]!(value);
      this.#fail("a wrong value is written");
    } catch (error) {
      if (!isWireError(error)) this.#fail(`a wrong value throws ${String(error)}`);
    }
  }

  get #hasMap(): boolean {
    const seen = new Set<Message>();
    const reaches = (message: Message): boolean => {
      if (seen.has(message)) return false;
      seen.add(message);
      return (
        message.fields.some(({ label }) => label === "map") ||
        messageReferences(message).some((ref) => reaches(this.#messages.get(ref)))
      );
    };
    return reaches(this.#message);
  }

  #read(bytes: Uint8Array): Result<unknown> {
    return this.#codecs[`tryDecode${this.#name}`]!(bytes, 0, bytes.length, { itemsMax: 1_000_000 }) as Result<unknown>;
  }

  #fail(what: string): void {
    this.failures.push(`${this.#message.format}: ${what}`);
  }

  /** Our value as a message of theirs. */
  #theirs(desc: DescMessage, message: Message, value: Value): EsMessage {
    const made = create(desc) as EsMessage & Value;
    for (const field of message.fields) {
      const { localName, oneof } = desc.fields.find(({ number }) => number === field.number)!;
      if (field.oneof !== null) {
        const own = value[field.oneof] as { case: string; value: unknown } | undefined;
        if (own?.case === field.key)
          made[oneof!.localName] = { case: localName, value: this.#one(field.value, own.value) };
      } else if (value[field.key] !== undefined) made[localName] = this.#field(field, value[field.key]);
    }
    return made;
  }

  #field(field: MessageField, value: unknown): unknown {
    if (field.label === "repeated") return (value as unknown[]).map((item) => this.#one(field.value, item));
    if (field.label !== "map") return this.#one(field.value, value);
    const entries = [...(value as Map<unknown, unknown>)];
    return Object.fromEntries(entries.map(([key, item]) => [String(key), this.#one(field.value, item)]));
  }

  #one(value: MessageValue, own: unknown): unknown {
    if (value.is !== "message") return own;
    const message = this.#messages.get(value.message);
    const desc = this.#registry.getMessage(message.format)!;
    // A field of theirs has the value that is wrapped.
    if (/^google\.protobuf\.(Double|Float|U?Int(32|64)|Bool|String|Bytes)Value$/.test(message.format))
      return (own as Value)["value"];
    return this.#theirs(desc, message, own as Value);
  }
}
