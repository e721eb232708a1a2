/** A general type as strips, one below the other: what has a number of bits, and parts of any length. */
import { isPartial, mayBeAbsent } from "../general.js";
import type { Attribute, General, GeneralContent, GeneralType, Instance } from "../general.js";
import { generalContentText, generalExprText, generalRuleText, generalSizeText, regionNotes } from "../general-text.js";
import { contentsIn, GeneralPlan } from "../plan/general.js";
import type { Run, Section, Strip } from "./strips.js";

/** Runs of constant bytes that are drawn as fields; longer ones and more items are parts of any length. */
const ITEMS_MAX = 8;

/** The sections of a type, then of those that it holds. */
export function generalSectionsOf(general: General, type: GeneralType): Section[] {
  const plan = new GeneralPlan(general);
  const seen = new Set<GeneralType>();
  const sections: Section[] = [];
  const waiting = [type];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const title = next === type ? next.format : next.name;
    sections.push({ title, strips: stripsOf(next) });
    for (const content of contentsIn(next)) if (content.content === "type") waiting.push(plan.typeOf(content.type));
  }
  return sections;
}

function stripsOf(type: GeneralType): Strip[] {
  const strips: Strip[] = [];
  for (const attribute of type.attributes) {
    const isOptional = mayBeAbsent(attribute);
    const runs = runsOf(attribute);
    const last = strips.at(-1);
    if (runs === null) strips.push(openStrip(attribute, []));
    else if (last?.strip === "runs" && !last.isOptional && !isOptional) last.runs.push(...runs);
    else strips.push({ strip: "runs", runs, isOptional });
  }
  for (const strip of strips) if (strip.strip === "runs") fill(strip.runs);
  return [...strips, ...type.instances.flatMap(stripOfInstance)];
}

/** Bits that no field has end a byte. */
function fill(runs: Run[]): void {
  const left = runs.reduce((sum, { bits }) => sum + bits, 0) % 8;
  if (left > 0) runs.push({ label: null, bits: 8 - left });
}

/** What lies at a position of its own; what is computed lies nowhere. */
function stripOfInstance(instance: Instance): Strip[] {
  if (instance.instance === "value") return [];
  const { attribute, pos, io } = instance;
  const where = [pos === null ? "where the stream is" : `at ${generalExprText(pos)}`];
  if (io !== null) where.push(`of ${generalExprText(io)}`);
  return [openStrip(attribute, [where.join(" ")])];
}

/** The runs of an attribute of a known number of bits, null for one of another. */
function runsOf({ name, doc, content, repeat, condition, is }: Attribute): Run[] | null {
  const bits = bitsOf(content);
  if (bits === null || bits === 0) return null;
  const times = repeat === null ? 1 : repeat.by === "count" && repeat.count.op === "int" ? repeat.count.value : 0;
  if (times < 1 || times > ITEMS_MAX) return null;
  // Bits that a byte order divides do not lie side by side.
  if (content.content === "bits" && content.order === "le" && content.width > 1) return null;
  const note = condition === null ? noteOf(content) : `if ${generalExprText(condition)}`;
  const named = is.kind === "enum" && is.enum.name !== name ? is.enum.name : note;
  return Array.from({ length: times }, (_, i) => {
    const label = { name: times === 1 ? name : `${name}[${i}]`, note: condition === null ? named : note, doc };
    return { label, bits };
  });
}

function bitsOf(content: GeneralContent): number | null {
  switch (content.content) {
    case "int":
    case "float":
      return 8 * content.size;
    case "bits":
      return content.width;
    case "const":
      return 8 * content.bytes.length;
    case "bytes":
      return content.region.size !== null && content.region.size !== "rest" && content.region.size.op === "int"
        ? 8 * content.region.size.value
        : null;
    default:
      return null;
  }
}

function noteOf(content: GeneralContent): string {
  if (content.content === "const") return `= ${generalContentText(content)}`;
  if (content.content === "bits" || (content.content === "int" && content.size === 1)) return "";
  if (content.content !== "bytes") return generalContentText(content);
  const size = `${generalSizeText(content)} bytes`;
  return content.text === null ? size : `${content.text}, ${size}`;
}

function openStrip(attribute: Attribute, where: readonly string[]): Strip {
  const { name, doc, content, repeat, condition, rule } = attribute;
  const times = repeat === null ? "" : repeat.by === "count" ? `${generalExprText(repeat.count)} × ` : "n × ";
  const cases = content.content === "choice" ? content.cases : [];
  const own = content.content === "choice" ? `by ${generalExprText(content.on)}:` : generalContentText(content);
  const lines = [
    ...where,
    [sizeOf(content), `${times}${own}`].filter((part) => part !== "").join(", "),
    ...cases.map(({ values, content: each }) => {
      const when = values === "else" ? "any other" : values.map(generalExprText).join(", ");
      return `${when} → ${generalContentText(each)}`;
    }),
    ...(isPartial(content) ? ["any other → nothing"] : []),
    ...regionNotes(content),
    ...generalRuleText(rule),
    ...(repeat?.by === "until" ? [`until ${generalExprText(repeat.until)}`] : []),
    ...(condition === null ? [] : [`if ${generalExprText(condition)}`]),
  ];
  return { strip: "open", name, lines, doc, isOptional: mayBeAbsent(attribute) };
}

/** The bytes of a content that has some for itself, in words. */
function sizeOf(content: GeneralContent): string {
  const region = "region" in content ? content.region : null;
  if (region === null || region.size === null) return "";
  return region.size === "rest" ? "all that is left" : `${generalExprText(region.size)} bytes`;
}
