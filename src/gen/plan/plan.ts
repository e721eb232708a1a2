/**
 * What is done with the bytes of a type, step after step: what is decided once between the layout and everything that
 * is made of it. A plan is plain data and knows no programming language. How many bits arithmetic has, what holds an
 * integer of 64 bits and how bytes become words is for those who make code of it.
 */
import type { WireErrorCode } from "../../errors.js";
import type {
  BitField,
  Checksum,
  ChoiceContent,
  Encoding,
  Expr,
  Field,
  IntField,
  PieceBlock,
  Repeat,
  Content,
  TypeRef,
  VarintContent,
} from "../ir.js";

/**
 * A position: bytes behind the start or the end of the bytes, behind a mark that a step before has set, behind the
 * start of an item or of a part of a piece, or behind where what stands in that part has ended.
 */
export interface Place {
  readonly from: "start" | "end" | "item" | "behind" | Mark;
  readonly plus: number;
}

/** A position that is known only when the bytes are. */
export type Mark = number;

/** Where a number, a truth value or a text is kept for later steps. */
export interface Slot {
  /** The field, piece or block that it is of: `length`, `header.length`, `coins[*].serial`. */
  readonly of: string;
  /**
   * What is kept: the value, how many items or bytes there are, the bytes of one, one item, what a writer tells of a
   * field that a value may leave out, or the checksum that is written in its place.
   */
  readonly as: "value" | "count" | "size" | "item" | "told" | "sum";
}

/** A number that is worked out. */
export type Amount =
  | { readonly is: "number"; readonly value: number }
  /** An expression over values and parameters, and something more. */
  | { readonly is: "expression"; readonly of: Expr; readonly plus: number }
  /** What a slot holds, so many times. */
  | { readonly is: "slot"; readonly slot: Slot; readonly times: number }
  /** The bytes that hold as many bits as a slot says. */
  | { readonly is: "bits"; readonly slot: Slot };

/** What a number breaks a rule by: it is no whole one, outside of a range, none of a list, or one of a list. */
export type Breach =
  | { readonly is: "broken" }
  | { readonly is: "outside"; readonly min: number | null; readonly max: number | null }
  | { readonly is: "unlisted"; readonly values: readonly number[] }
  | { readonly is: "listed"; readonly values: readonly number[] };

/** Why the end of a value is not told: more bytes are needed for that, or no value starts so. */
export type Unknown = "more" | "never";

/** Why bytes are no value: the rule that they break, where the spec says it, and where in the bytes that is. */
export interface Refusal {
  readonly code: WireErrorCode;
  /** As the spec names the field: `coins[*].serial`. */
  readonly path: string;
  readonly file: string;
  readonly line: number;
  readonly expected: string;
  /** What the field holds is not told. */
  readonly secret: boolean;
  readonly at: Place;
}

/** Steps of every plan. One that can fail ends the walk and says why. */
export type CommonStep<Failure> =
  /** Asks for so many bytes from a place, and some more behind these. */
  | {
      readonly step: "need";
      readonly at: Place;
      readonly by: Amount;
      readonly after: number;
      readonly otherwise: Failure;
    }
  /** Asks that bytes are these; in a plan that finds an end, as many of them as are there. */
  | { readonly step: "match"; readonly at: Place; readonly bytes: readonly number[]; readonly otherwise: Failure }
  /** Reads a field into a slot; an integer that is too large for what shall hold it is refused. */
  | {
      readonly step: "load";
      readonly slot: Slot;
      readonly field: IntField | BitField;
      readonly at: Place;
      /** Other steps ask for it, besides the tests of its own rules. */
      readonly isKept: boolean;
      readonly otherwise: Failure;
    }
  /** Works out the number of a slot. */
  | { readonly step: "let"; readonly slot: Slot; readonly amount: Amount }
  /** Asks that the number in a slot breaks nothing. */
  | {
      readonly step: "test";
      readonly slot: Slot;
      /** What the slot has been read from; null where it has been worked out. */
      readonly field: IntField | BitField | null;
      readonly breaches: readonly Breach[];
      /** Where the number lies that a refusal tells. */
      readonly told: Slot;
      readonly otherwise: Failure;
    }
  /** Sets a mark to a place, or so many bytes behind it. */
  | { readonly step: "mark"; readonly mark: Mark; readonly at: Place; readonly by: Amount | null };

/** A step that finds the end of a value. */
export type EndStep =
  | CommonStep<Unknown>
  /** Takes what is inside only where the bytes reach to a place. */
  | { readonly step: "reached"; readonly to: Place; readonly steps: readonly EndStep[] }
  /** Sets a slot to 0, which a later step may set again. */
  | { readonly step: "clear"; readonly slot: Slot }
  /** Moves a mark on. */
  | { readonly step: "move"; readonly mark: Mark; readonly by: Amount }
  /** Moves a mark behind the varint that it is at, whose number goes into a slot where it is asked for. */
  | {
      readonly step: "varint";
      readonly mark: Mark;
      readonly slot: Slot | null;
      /** What the number is called where no slot takes it. */
      readonly name: string;
      readonly content: VarintContent;
      readonly otherwise: Unknown;
    }
  /** Moves a mark behind the value of another type that it is at, by the plan of that type. */
  | { readonly step: "call"; readonly mark: Mark; readonly type: TypeRef; readonly args: readonly Expr[] }
  /** Takes what is inside where a condition holds. */
  | { readonly step: "when"; readonly condition: Expr; readonly steps: readonly EndStep[] }
  /** Takes what is inside as often as a slot says. */
  | { readonly step: "each"; readonly count: Slot; readonly steps: readonly EndStep[] }
  /** Takes what is inside until an expression over the item holds. */
  | { readonly step: "until"; readonly last: Expr; readonly item: Slot; readonly steps: readonly EndStep[] }
  /** Takes what is inside the case of a value; without an `else`, any other value ends the walk. */
  | {
      readonly step: "switch";
      readonly on: Expr;
      readonly cases: readonly PlannedCase[];
      readonly otherwise: Unknown;
    };

/** One way of a choice. */
export interface PlannedCase {
  readonly values: readonly (number | string | boolean)[] | "else";
  readonly steps: readonly EndStep[];
}

/** How the end of a value is found in its own bytes, without making the value. */
export interface EndPlan {
  readonly steps: readonly EndStep[];
  /** Where the value ends when all steps are done, which may be behind the bytes that there are. */
  readonly end: Place;
}

/** A step that tests the bytes of a value. */
export type ReadStep =
  | CommonStep<Refusal>
  /** Counts what is left, but for some bytes at the end, in items of one size; refused where that does not come out. */
  | {
      readonly step: "left";
      readonly slot: Slot;
      readonly at: Place;
      readonly after: number;
      readonly size: number;
      readonly otherwise: Refusal;
    }
  /** Asks that a parameter that gives a count is a whole number from 0. */
  | { readonly step: "whole"; readonly slot: Slot; readonly otherwise: Refusal }
  /** Keeps bytes as the value of a block. */
  | { readonly step: "bytes"; readonly slot: Slot; readonly at: Place; readonly count: Slot }
  /** Keeps the text of bytes, which have to be one. */
  | {
      readonly step: "text";
      readonly slot: Slot;
      readonly at: Place;
      readonly to: Place;
      readonly encoding: Encoding;
      readonly otherwise: Refusal;
    }
  /** Takes what is inside for each of some items of one size that follow each other. */
  | {
      readonly step: "rows";
      readonly count: Amount;
      readonly at: Place;
      readonly size: number;
      readonly steps: readonly ReadStep[];
    }
  /** Asks that the bits of the last byte that no item uses are zero. */
  | {
      readonly step: "padding";
      readonly count: Slot;
      readonly order: "lsb" | "msb";
      /** Behind the last byte. */
      readonly end: Place;
      readonly otherwise: Refusal;
    }
  /** Asks that a checksum that has been loaded is that of the bytes between two places, or of so many from one. */
  | {
      readonly step: "sum";
      readonly slot: Slot;
      readonly sum: Checksum;
      readonly at: Place;
      readonly to: Place | Slot;
      readonly field: Place;
      readonly otherwise: Refusal;
    }
  /** Reads a piece, if its condition holds, and sets a mark behind it. */
  | {
      readonly step: "piece";
      readonly block: PieceBlock;
      readonly at: Place;
      readonly mark: Mark;
      readonly part: Part;
    };

/** What a number that has been worked out breaks, and what is refused then. */
export interface NumberTest {
  readonly breach: Breach;
  readonly otherwise: Refusal;
}

/** How a piece is read, or a part of one. Each part starts where it stands and says where it ends. */
export type Part =
  /** A number of items, or items up to the end or up to the last. */
  | {
      readonly part: "list";
      readonly repeat: Repeat;
      /** Of the number of items, where an expression gives it. */
      readonly tests: readonly NumberTest[];
      /** Bytes that each of so many items has at least, asked for before the first; 0 where nothing is asked. */
      readonly least: number;
      readonly short: Refusal;
      /** The greatest number of items, tested before each of them. */
      readonly most: { readonly max: number; readonly otherwise: Refusal } | null;
      readonly item: Part;
      /** Refuses an item that has no bytes. */
      readonly stays: Refusal | null;
      readonly fewest: { readonly min: number; readonly otherwise: Refusal } | null;
    }
  /** A part within so many bytes, which it has to fill unless `fill` is null. */
  | {
      readonly part: "sized";
      readonly size: Expr;
      readonly tests: readonly NumberTest[];
      readonly short: Refusal;
      readonly inner: Part;
      readonly fill: Refusal | null;
    }
  /** A part within all bytes that are left. */
  | { readonly part: "rest"; readonly inner: Part; readonly fill: Refusal | null }
  /** A field of fixed size, and the tests of it. */
  | {
      readonly part: "field";
      readonly field: Field;
      /** The list around it has asked for the bytes of all its items. */
      readonly isCovered: boolean;
      readonly short: Refusal;
      readonly steps: readonly ReadStep[];
    }
  /** All bytes of the part around it, as many as the tests allow; `otherwise` refuses what is no text. */
  | {
      readonly part: "bytes";
      readonly tests: readonly NumberTest[];
      readonly text: Encoding | null;
      readonly otherwise: Refusal;
    }
  | { readonly part: "varint"; readonly content: VarintContent; readonly short: Refusal; readonly range: Refusal }
  /** A value of another type, by the plan of that; refusals inside get the path of `within` in front of theirs. */
  | { readonly part: "call"; readonly content: Extract<Content, { content: "type" }>; readonly within: Refusal }
  /** One of several parts; `otherwise` refuses a value without a case. */
  | {
      readonly part: "choice";
      readonly content: ChoiceContent;
      readonly cases: readonly {
        readonly values: readonly (number | string | boolean)[] | "else";
        readonly part: Part;
      }[];
      readonly otherwise: Refusal;
    };

/** How a value is read: all tests in the order of its bytes, and where its blocks then lie. */
export interface ReadPlan {
  /** Bytes that the first test asks for, which covers all that is fixed before the first piece. */
  readonly need: number;
  readonly steps: readonly ReadStep[];
  /** Where each block starts. */
  readonly starts: readonly Place[];
  /** Where the value ends. */
  readonly end: Place;
}
