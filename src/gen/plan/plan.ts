/**
 * What is done with the bytes of a type, step after step: what is decided once between the layout and everything that
 * is made of it. A plan is plain data and knows no programming language. How many bits arithmetic has, what holds an
 * integer of 64 bits and how bytes become words is for those who make code of it.
 */
import type { BitField, Expr, IntField, TypeRef, VarintContent } from "../ir.js";

/** A position: bytes behind the start of the value, or behind a mark that a step before has set. */
export interface Place {
  readonly from: "start" | Mark;
  readonly plus: number;
}

/** A position that is known only when the bytes are. */
export type Mark = number;

/** Where a number, a truth value or a text is kept for later steps. */
export interface Slot {
  /** The field, piece or block that it is of: `length`, `header.length`. */
  readonly of: string;
  /** What is kept: the value, how many items or bytes there are, the bytes of one, or one item. */
  readonly as: "value" | "count" | "size" | "item";
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

/** What a number breaks a rule by: it is outside of a range, none of a list, or one of a list. */
export type Breach =
  | { readonly is: "outside"; readonly min: number | null; readonly max: number | null }
  | { readonly is: "unlisted"; readonly values: readonly number[] }
  | { readonly is: "listed"; readonly values: readonly number[] };

/** Why the end of a value is not told: more bytes are needed for that, or no value starts so. */
export type Unknown = "more" | "never";

/** One thing that is done. A step that can fail ends the walk and says why. */
export type Step =
  /** Asks that the bytes reach to a place. */
  | { readonly step: "need"; readonly to: Place; readonly otherwise: Unknown }
  /** Takes what is inside only where the bytes reach to a place. */
  | { readonly step: "reached"; readonly to: Place; readonly steps: readonly Step[] }
  /** Asks that bytes are these. */
  | { readonly step: "match"; readonly at: Place; readonly bytes: readonly number[]; readonly otherwise: Unknown }
  /** Reads a field into a slot; a number that no position can be is refused. */
  | {
      readonly step: "load";
      readonly slot: Slot;
      readonly field: IntField | BitField;
      readonly at: Place;
      readonly otherwise: Unknown;
    }
  /** Sets a slot to 0, which a later step may set again. */
  | { readonly step: "clear"; readonly slot: Slot }
  /** Works out the number of a slot. */
  | { readonly step: "let"; readonly slot: Slot; readonly amount: Amount }
  /** Asks that the number in a slot is none of what is broken. */
  | {
      readonly step: "test";
      readonly slot: Slot;
      readonly field: IntField | BitField | null;
      readonly breaches: readonly Breach[];
      readonly otherwise: Unknown;
    }
  /** Sets a mark to a place, or so many bytes behind it. */
  | { readonly step: "mark"; readonly mark: Mark; readonly at: Place; readonly by: Amount | null }
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
  | { readonly step: "when"; readonly condition: Expr; readonly steps: readonly Step[] }
  /** Takes what is inside as often as a slot says. */
  | { readonly step: "each"; readonly count: Slot; readonly steps: readonly Step[] }
  /** Takes what is inside until an expression over the item holds. */
  | { readonly step: "until"; readonly last: Expr; readonly item: Slot; readonly steps: readonly Step[] }
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
  readonly steps: readonly Step[];
}

/** How the end of a value is found in its own bytes, without making the value. */
export interface EndPlan {
  readonly steps: readonly Step[];
  /** Where the value ends when all steps are done, which may be behind the bytes that there are. */
  readonly end: Place;
}
