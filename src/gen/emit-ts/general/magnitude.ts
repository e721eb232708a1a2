/** How large the integers of an expression can be, so that only arithmetic that can leave 2^53 is tested. */
import type { GeneralContent, GeneralExpr } from "../../general.js";
import type { GeneralPlan } from "../../plan/general.js";

/** Lengths and places of bytes, and numbers of items. */
const PLACE_MAX = 2 ** 32;
/** What an integer of an expression is at most, as others are refused. */
const EXACT_MAX = Number.MAX_SAFE_INTEGER;

const known = new WeakMap<GeneralExpr, number>();

/** The greatest absolute value that an integer can have; above 2^53 where its operator can leave what is exact. */
export function magnitudeOf(e: GeneralExpr, plan: GeneralPlan): number {
  // Each operator of a long sum asks for all that stand before it.
  const found = known.get(e) ?? measured(e, plan);
  known.set(e, found);
  return found;
}

function measured(e: GeneralExpr, plan: GeneralPlan): number {
  const of = (part: GeneralExpr): number => magnitudeOf(part, plan);
  switch (e.op) {
    case "int":
      return Math.abs(e.value);
    case "get": {
      if (e.member !== "attribute" || e.of.is.kind !== "type") return EXACT_MAX;
      const attribute = plan.typeOf(e.of.is.type).attributes.find(({ name }) => name === e.name);
      return attribute === undefined ? EXACT_MAX : ofContent(attribute.content);
    }
    case "local":
    case "stream":
      return e.name === "item" ? EXACT_MAX : PLACE_MAX;
    case "index":
      return e.of.is.kind === "bytes" ? 255 : e.of.op === "get" ? of(e.of) : EXACT_MAX;
    case "method":
      return e.name === "length" || e.name === "size" || e.of.is.kind === "bool" ? PLACE_MAX : EXACT_MAX;
    case "negate":
      return of(e.value);
    case "invert":
      return of(e.value) + 1;
    case "choose":
      return Math.max(of(e.yes), of(e.no));
    case "+":
    case "-":
      return of(e.left) + of(e.right);
    case "*":
      return of(e.left) * of(e.right);
    case "/":
    case ">>":
      return of(e.left);
    case "%":
      return of(e.right);
    case "<<":
      return e.right.op === "int" ? of(e.left) * 2 ** e.right.value : Infinity;
    case "&":
      if (e.right.op === "int" && e.right.value >= 0) return e.right.value;
      return Math.max(of(e.left), of(e.right)) * 2;
    case "|":
    case "^":
      return Math.max(of(e.left), of(e.right)) * 2;
    default:
      return EXACT_MAX;
  }
}

function ofContent(content: GeneralContent): number {
  switch (content.content) {
    case "int":
      return Math.min(2 ** (8 * content.size), EXACT_MAX);
    case "bits":
      return Math.min(2 ** content.width, EXACT_MAX);
    case "choice":
      return Math.max(...content.cases.map((each) => ofContent(each.content)));
    default:
      return EXACT_MAX;
  }
}
