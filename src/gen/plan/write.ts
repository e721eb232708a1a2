/** Plans how a value is written and measured: what is counted first, then block after block. */
import type { BitsBlock, Block, BytesBlock, Derive, Field, ItemsBlock, PieceBlock, Type, TypeRef } from "../ir.js";
import { isImplied } from "../ir.js";
import { blocksReach, watchOf } from "../reach.js";
import { extentOf } from "./extents.js";
import { pathsAskedBy } from "./asked.js";
import { behind, refusal } from "./fields.js";
import type { Amount, Mark, Place, Slot } from "./plan.js";
import { runSize } from "./read.js";
import { limitsText } from "./rules.js";
import { coveredBy } from "./spans.js";
import { toldIn } from "./told.js";
import { shareOf, WriteFieldPlanner } from "./write-fields.js";
import { NOTHING_BEHIND, WritePiecePlanner } from "./write-pieces.js";
import type { Measure, SizePlan, SizeStep, WritePart, WritePlan, WriteStep } from "./write-plan.js";

/** What is written: the blocks of a type, by themselves or inside another type. */
export interface Written {
  readonly blocks: readonly Block[];
  /** Where the spec says what they are of. */
  readonly type: { readonly file: string; readonly line: number };
  /** Arguments say how much there is, and what is measured is not counted again. */
  readonly isHeld: boolean;
  /** Those who hold a value ask whether it takes all bytes that are left. */
  readonly tellsReach: boolean;
}

type CountedBlock = ItemsBlock | BytesBlock | BitsBlock;

const WHOLE: Slot = { of: "", as: "value" };

/** The plan of one layout. @param find the layout of a type */
export function planWrite(written: Written, find: (ref: TypeRef) => Type): WritePlan {
  return new WritePlanner(written, find).plan();
}

/** How the same is measured. */
export function planSize(written: Written, find: (ref: TypeRef) => Type): SizePlan {
  return new WritePlanner(written, find).size();
}

class WritePlanner {
  readonly #blocks: readonly Block[];
  readonly #type: Written["type"];
  readonly #isHeld: boolean;
  readonly #tellsReach: boolean;
  readonly #find: (ref: TypeRef) => Type;
  readonly #fields: WriteFieldPlanner;
  /** Names of what lengths follow from. */
  readonly #measured: ReadonlySet<string>;
  #marks: Mark = 0;

  constructor({ blocks, type, isHeld, tellsReach }: Written, find: (ref: TypeRef) => Type) {
    this.#blocks = blocks;
    this.#type = type;
    this.#isHeld = isHeld;
    this.#tellsReach = tellsReach;
    this.#find = find;
    this.#fields = new WriteFieldPlanner(blocks, type);
    this.#measured = new Set(derivesOf(blocks).flatMap((derive) => (derive.from === "extent" ? [derive.of] : [])));
  }

  plan(): WritePlan {
    const counted = this.#blocks.filter((block): block is CountedBlock => isCounted(block));
    const first: WriteStep[] = [
      ...(this.#isHeld || this.#isAsked() ? [this.#object(WHOLE, this.#type)] : []),
      ...this.#tells(),
      ...counted.map((block) => this.#count(block)),
      ...(this.#isHeld ? this.#blocks.flatMap((block) => this.#heldFirst(block)) : []),
    ];
    const steps: WriteStep[] = [];
    const starts: Place[] = [];
    const ends: Place[] = [];
    let place: Place = { from: "start", plus: 0 };
    for (const block of this.#blocks) {
      starts.push(place);
      if (block.block === "fixed") {
        steps.push(...this.#fields.fields(block.fields, place, ""));
        place = behind(place, block.size);
      } else {
        const mark = ++this.#marks;
        if (block.block === "piece") steps.push(...this.#piece(block, place, mark));
        else steps.push(this.#block(block, place), { step: "mark", mark, at: place, by: lengthOf(block) });
        place = { from: mark, plus: 0 };
      }
      ends.push(place);
    }
    for (const { field, derive, at } of this.#fields.late) {
      const slot: Slot = { of: field.name, as: "sum" };
      const [from, to] = coveredBy({ blocks: this.#blocks, starts, ends }, derive, field.name);
      const own = behind(at, field.offset);
      steps.push({ step: "sum", slot, sum: derive.sum, at: from, to, field: own }, { step: "store", slot, field, at });
    }
    for (const step of steps.slice())
      if (step.step === "piece" && step.isWatched && step.block !== this.#blocks.at(-1)) {
        const { name } = step.block;
        const otherwise = refusal("argument", name, step.block, NOTHING_BEHIND, START);
        steps.push({ step: "last", of: name, end: place, otherwise });
      }
    if (this.#tellsReach) steps.push(this.#reach());
    return { first, size: runSize(this.#blocks, 0), lengths: counted.map(lengthOf), steps, end: place };
  }

  size(): SizePlan {
    const size = this.#blocks.reduce((sum, block) => sum + (block.block === "fixed" ? block.size : 0), 0);
    return { size, steps: this.#sizes() };
  }

  #sizes(): SizeStep[] {
    const measured = new Set<string>();
    const asked = [...pathsAskedBy(this.#blocks)];
    const ask = (field: Field): SizeStep[] =>
      field.kind === "struct" && asked.some((path) => path.startsWith(`${field.name}.`))
        ? [{ step: "object", slot: { of: field.name, as: "value" }, otherwise: this.#noObject(field.name, field) }]
        : [];
    return this.#blocks.flatMap((block): SizeStep[] => {
      if (block.block === "fixed") return this.#isHeld ? block.fields.flatMap(ask) : [];
      if (block.block !== "piece") return [this.#add(block)];
      // Measuring again what a length before it has asked for would cost twice as much at each level of nesting.
      if (measured.has(block.name)) return [{ step: "measured", slot: { of: block.name, as: "count" } }];
      const { content } = block;
      if (content.content !== "varint" || content.derive?.from !== "extent")
        return [{ step: "piece", block, part: this.#part(block) }];
      // The bytes of this length depend on the length itself.
      const { of, minus, times } = content.derive;
      const piece = this.#blocks.find((each): each is PieceBlock => each.block === "piece" && each.name === of)!;
      const varint: SizeStep = { step: "varint", amount: shareOf(of, minus, times) };
      if (piece.repeat === null) measured.add(of);
      return [this.#measure(piece), varint];
    });
  }

  #add(block: CountedBlock): SizeStep {
    const slot: Slot = { of: block.name, as: "value" };
    const otherwise = this.#isHeld
      ? refusal("argument", block.name, block, "a list", START)
      : refusal("count", block.name, block, countsOf(block), START);
    if (block.block === "bytes") return { step: "bytes", slot, text: block.text, otherwise };
    return { step: "items", slot, size: block.block === "bits" ? "bit" : block.item.size, otherwise };
  }

  #noObject(path: string, where: Written["type"]): ReturnType<typeof refusal> {
    return refusal("argument", path, where, "an object", START);
  }

  #reach(): WriteStep {
    const last = this.#blocks.at(-1);
    const watch = last?.block === "piece" ? watchOf(last, false, this.#find) : null;
    if (last?.block === "piece" && (watch!.whole || watch!.values)) return { step: "reach", of: last.name };
    return { step: "reach", of: blocksReach(this.#blocks, this.#find) === "always" };
  }

  #object(slot: Slot, where: Written["type"]): WriteStep {
    return { step: "object", slot, otherwise: this.#noObject(slot.of, where), steps: [] };
  }

  /** What is no object has none of the fields, unless there is nothing to ask for them. */
  #isAsked(): boolean {
    return this.#blocks.some((block) => block.block !== "fixed" || block.fields.some((field) => !isImplied(field)));
  }

  #tells(): WriteStep[] {
    return [...toldIn(this.#blocks, this.#find)].map(([of, told]) => ({
      step: "tell",
      slot: { of, as: "told" },
      told,
    }));
  }

  #count(block: CountedBlock): WriteStep {
    const { name } = block;
    const slot: Slot = { of: name, as: "count" };
    const otherwise = refusal("count", name, block, countsOf(block), START);
    const isBytes = block.block === "bytes";
    const mistaken = refusal("text", name, block, (isBytes ? block.text : null) ?? "", START);
    const [min, max] = block.block === "bits" ? [0, null] : [block.min, block.max];
    return { step: "count", slot, counted: isBytes ? (block.text ?? "bytes") : "items", min, max, mistaken, otherwise };
  }

  #heldFirst(block: Block): WriteStep[] {
    if (block.block === "fixed") return [];
    const slot: Slot = { of: block.name, as: "count" };
    if (block.block === "piece") return this.#measured.has(block.name) ? [this.#measure(block)] : [];
    // Inside another type, an argument says how much there is; alone, the value says it.
    const extent = extentOf(block);
    if (extent.from !== "param") return [];
    const is = { type: "int", min: 0, max: Number.MAX_SAFE_INTEGER } as const;
    const amount: Amount = { is: "expression", of: { op: "param", name: extent.param, is }, plus: extent.plus };
    const otherwise = refusal("count", block.name, block, "as many as the spec says", START);
    return [{ step: "agree", slot, amount, otherwise }];
  }

  #measure(block: PieceBlock): Measure {
    return { step: "measure", slot: { of: block.name, as: "count" }, block, part: this.#part(block) };
  }

  #planner(block: PieceBlock): WritePiecePlanner {
    const isLast = block === this.#blocks.at(-1) && !this.#tellsReach;
    return new WritePiecePlanner(block, this.#find, this.#fields, isLast, this.#measured.has(block.name));
  }

  #part(block: PieceBlock): WritePart {
    return this.#planner(block).part();
  }

  #piece(block: PieceBlock, at: Place, mark: Mark): WriteStep[] {
    const { content } = block;
    const derive = content.content === "varint" && content.derive?.from === "extent" ? content.derive : null;
    const slot: Slot = { of: block.name, as: "value" };
    return [
      ...(derive === null
        ? []
        : [{ step: "let", slot, amount: shareOf(derive.of, derive.minus, derive.times) } satisfies WriteStep]),
      { ...this.#planner(block).plan(), at, mark },
    ];
  }

  #block(block: CountedBlock, at: Place): WriteStep {
    const slot: Slot = { of: block.name, as: "value" };
    if (block.block === "bytes") return { step: "copy", slot, at };
    const count: Amount = { is: "slot", slot: { of: block.name, as: "count" }, times: 1 };
    if (block.block === "items") return this.#fields.rows(slot, block.item, count, at);
    const otherwise = refusal("argument", `${block.name}[*]`, block, "true or false", at);
    return { step: "flags", slot, order: block.order, at, otherwise };
  }
}

const START: Place = { from: "start", plus: 0 };

function isCounted(block: Block): boolean {
  return block.block !== "fixed" && block.block !== "piece";
}

/** The bytes of a block that has been counted. */
function lengthOf(block: CountedBlock): Amount {
  const slot: Slot = { of: block.name, as: "count" };
  if (block.block === "bits") return { is: "bits", slot };
  return { is: "slot", slot, times: block.block === "items" ? block.item.size : 1 };
}

/** How many items or bytes a block may have, for a message. */
function countsOf(block: CountedBlock): string {
  if (block.block === "bits") return limitsText(0, null, "items");
  return limitsText(block.min, block.max, block.block === "bytes" ? "bytes" : "items");
}

/** What follows from other blocks. */
function derivesOf(blocks: readonly Block[]): Derive[] {
  return blocks.flatMap((block): Derive[] => {
    if (block.block === "piece")
      return block.content.content === "varint" && block.content.derive ? [block.content.derive] : [];
    if (block.block !== "fixed") return [];
    return block.fields.flatMap((field) =>
      (field.kind === "int" || field.kind === "bits") && field.derive !== null ? [field.derive] : [],
    );
  });
}
