/**
 * What is done to write a value, step after step, and to measure it before. As plans of reading, these are plain data
 * and know no programming language: how a value of a wrong type shows, how words become bytes and what holds an integer
 * of 64 bits is for those who make code of them.
 */
import type {
  BitField,
  Checksum,
  ChoiceContent,
  Content,
  Encoding,
  Expr,
  Field,
  FloatField,
  IntField,
  PieceBlock,
  Repeat,
  VarintContent,
} from "../ir.js";
import type { Amount, Breach, CommonStep, Mark, NumberTest, Place, Refusal, Slot } from "./plan.js";

/** What a field says that a value may leave out. */
export type Told =
  | { readonly by: "number"; readonly value: number }
  /** The kind of the value of a piece; any other kind tells nothing. */
  | {
      readonly by: "kind";
      readonly of: string;
      readonly kinds: readonly { readonly kind: string; readonly value: number | string | boolean }[];
    };

/** A length by the count of what it measures: less something, divided. */
export interface Share {
  readonly is: "share";
  readonly slot: Slot;
  readonly minus: number;
  readonly by: number;
}

/** A step that writes a value. A refusal ends the walk. */
export type WriteStep =
  | Extract<CommonStep<Refusal>, { step: "mark" | "test" }>
  /** Works out the number of a slot. */
  | { readonly step: "let"; readonly slot: Slot; readonly amount: Amount | Share }
  /** Asks that what a slot holds is an object, and takes what is inside for its members. */
  | {
      readonly step: "object";
      readonly slot: Slot;
      readonly otherwise: Refusal;
      readonly steps: readonly WriteStep[];
    }
  /** Takes what the value says of a field, or what something else tells of it. */
  | { readonly step: "tell"; readonly slot: Slot; readonly told: Told }
  /** Counts items, bytes, or the bytes of a text, of which there have to be so many. */
  | {
      readonly step: "count";
      readonly slot: Slot;
      readonly counted: "items" | "bytes" | Encoding;
      readonly min: number;
      readonly max: number | null;
      /** Refuses what is no text. */
      readonly mistaken: Refusal;
      readonly otherwise: Refusal;
    }
  /** Asks that there are as many as something else says. */
  | { readonly step: "agree"; readonly slot: Slot; readonly amount: Amount; readonly otherwise: Refusal }
  /** Counts the items or measures the bytes of a piece that a field before it says. */
  | Measure
  /** Takes a number of the value, which the bytes of its field have to be able to hold, and which breaks nothing. */
  | {
      readonly step: "take";
      readonly slot: Slot;
      readonly field: IntField | BitField;
      readonly breaches: readonly Breach[];
      readonly otherwise: Refusal;
      /** Instead of `otherwise`, for a form whose numbers are exact up to 2^53 only. */
      readonly unsafe: Refusal;
    }
  /** Sets a slot to the only number that its field can have. */
  | { readonly step: "constant"; readonly slot: Slot; readonly field: IntField; readonly value: number }
  /**
   * Works out the CRC-32 of bytes of the value: so many, null where the value decides. Their number is tested where no
   * step before has done so.
   */
  | {
      readonly step: "crc32";
      readonly slot: Slot;
      readonly of: Slot;
      readonly bytes: number | null;
      readonly otherwise: Refusal | null;
    }
  /** Works out the checksum of what has been written between two places. */
  | {
      readonly step: "sum";
      readonly slot: Slot;
      readonly sum: Checksum;
      readonly at: Place;
      readonly to: Place;
      readonly field: Place;
    }
  /** Writes bytes that are always the same. */
  | { readonly step: "put"; readonly at: Place; readonly bytes: readonly number[] }
  /** Writes a number into the bytes of its field. */
  | { readonly step: "store"; readonly slot: Slot; readonly field: IntField; readonly at: Place }
  /** Writes the numbers of fields that share the bytes of one integer. */
  | {
      readonly step: "word";
      readonly at: Place;
      readonly parts: readonly { readonly slot: Slot; readonly field: BitField }[];
    }
  | {
      readonly step: "float";
      readonly slot: Slot;
      readonly field: FloatField;
      readonly at: Place;
      readonly otherwise: Refusal;
    }
  /** Writes so many bytes, or those of a text. */
  | {
      readonly step: "bytes";
      readonly slot: Slot;
      readonly text: Encoding | null;
      readonly size: number;
      readonly at: Place;
      readonly otherwise: Refusal;
    }
  /** Writes the bytes of a block that has been counted. */
  | { readonly step: "copy"; readonly slot: Slot; readonly at: Place }
  /** Asks that a list has so many items. */
  | { readonly step: "list"; readonly slot: Slot; readonly count: number; readonly otherwise: Refusal }
  /** Takes what is inside for each item of a list, which has to be an object where `object` says so. */
  | {
      readonly step: "rows";
      readonly slot: Slot;
      readonly count: Amount;
      readonly at: Place;
      readonly size: number;
      readonly object: Refusal | null;
      readonly steps: readonly WriteStep[];
    }
  /** Writes truth values as bits, and zeros behind the last. */
  | {
      readonly step: "flags";
      readonly slot: Slot;
      readonly order: "lsb" | "msb";
      readonly at: Place;
      readonly otherwise: Refusal;
    }
  /** Writes a piece, if it is there, and sets a mark behind it. */
  | {
      readonly step: "piece";
      readonly block: PieceBlock;
      readonly at: Place;
      readonly mark: Mark;
      /** Refuses a value where the condition does not hold, and none where it does; null for a constant. */
      readonly agrees: Refusal | null;
      /** Its end is watched where a value says that it takes all bytes that are left. */
      readonly isWatched: boolean;
      /** The whole piece takes them where it is there. */
      readonly isGreedy: boolean;
      readonly part: WritePart;
    }
  /** Tells who holds the value whether it takes all bytes that are left; a name: where the watched piece does. */
  | { readonly step: "reach"; readonly of: string | boolean }
  /** Asks that nothing has been written behind a piece whose value takes all bytes that are left. */
  | { readonly step: "last"; readonly of: string; readonly end: Place; readonly otherwise: Refusal };

/** Counts the items or measures the bytes of a piece. */
export type Measure = {
  readonly step: "measure";
  readonly slot: Slot;
  readonly block: PieceBlock;
  readonly part: WritePart;
};

/** How a piece is written and measured, or a part of one. Each part starts where it stands and says where it ends. */
export type WritePart =
  | {
      readonly part: "list";
      readonly repeat: Repeat;
      readonly mistaken: Refusal;
      /** Of the number of items. */
      readonly tests: readonly NumberTest[];
      /** Refuses another number than the one that an expression gives; null where that follows from this list. */
      readonly agrees: Refusal | null;
      /** Refuses an item behind one that takes all bytes that are left. */
      readonly behind: Refusal | null;
      readonly item: WritePart;
      /** Refuses an item that ends the list too early, or a list that goes on. */
      readonly last: Refusal | null;
    }
  /** A part that has to have so many bytes; an open one is filled up with zeros. */
  | {
      readonly part: "sized";
      readonly size: Expr;
      readonly isOpen: boolean;
      readonly inner: WritePart;
      readonly otherwise: Refusal;
    }
  | { readonly part: "field"; readonly field: Field; readonly steps: readonly WriteStep[] }
  | {
      readonly part: "bytes";
      readonly content: Extract<Content, { content: "bytes" }>;
      readonly tests: readonly NumberTest[];
      /** Refuses what are no bytes, or no text. */
      readonly otherwise: Refusal;
    }
  | {
      readonly part: "varint";
      readonly content: VarintContent;
      /** The number, where it is no part of the value. */
      readonly amount: Share | null;
      readonly otherwise: Refusal;
    }
  /** A value of another type, by the plan of that; refusals inside get the path of `within` in front of theirs. */
  | {
      readonly part: "call";
      readonly content: Extract<Content, { content: "type" }>;
      readonly within: Refusal;
      /** The writer of the type tells whether the value takes all bytes that are left, and that is watched. */
      readonly tellsReach: boolean;
    }
  | {
      readonly part: "choice";
      readonly content: ChoiceContent;
      readonly cases: readonly {
        readonly values: readonly (number | string | boolean)[] | "else";
        readonly part: WritePart;
        /** A value of this case takes all bytes that are left, and that is watched. */
        readonly isGreedy: boolean;
      }[];
      readonly otherwise: Refusal;
    };

/** How a value is written. */
export interface WritePlan {
  /** What is asked and counted before the first byte is written. */
  readonly first: readonly WriteStep[];
  /** Bytes that the value takes: some in any case, and those of what has been counted. */
  readonly size: number;
  readonly lengths: readonly Amount[];
  readonly steps: readonly WriteStep[];
  readonly end: Place;
}

/** A step that measures a value. Only what is needed for that is asked; the writer asks the rest. */
export type SizeStep =
  | { readonly step: "object"; readonly slot: Slot; readonly otherwise: Refusal }
  /** Adds the bytes of a member, or those of its text. */
  | { readonly step: "bytes"; readonly slot: Slot; readonly text: Encoding | null; readonly otherwise: Refusal }
  /** Adds so many bytes for each item of a list, or a bit. */
  | { readonly step: "items"; readonly slot: Slot; readonly size: number | "bit"; readonly otherwise: Refusal }
  | { readonly step: "piece"; readonly block: PieceBlock; readonly part: WritePart }
  | Measure
  /** Adds what has been measured. */
  | { readonly step: "measured"; readonly slot: Slot }
  /** Adds the bytes of a varint that follows from something else. */
  | { readonly step: "varint"; readonly amount: Share };

/** How many bytes a value takes: some in any case, and those of the steps. */
export interface SizePlan {
  readonly size: number;
  readonly steps: readonly SizeStep[];
}
