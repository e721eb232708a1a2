/** Draws the strips of a layout. */
import { escaped } from "./escape.js";
import type { Label, Run, Strip } from "./strips.js";

/** The width of a bit, the height of a line of text, what is free at the sides; all in pixels. */
export const UNIT_PX = 20;
export const TEXT_PX = 18;
export const MARGIN = 20;
const ROW_PX = 36;
/** Where rows that are left out would be. */
const GAP_PX = 18;
const LEFT = 2 * MARGIN;
/** A character of the fonts of equal width that the style names, in pixels for each pixel of its size. */
const CHARACTER = 0.62;

/** Elements of SVG, and where they end. */
export interface Drawing {
  readonly parts: readonly string[];
  readonly end: number;
}

/** Bits of one row that belong to one run. */
interface Cell {
  readonly run: Run;
  readonly from: number;
  readonly to: number;
}

/** Bits beside each other, or (`isGap`) rows that are left out. */
interface Row {
  readonly at: number;
  readonly cells: readonly Cell[];
  readonly isGap: boolean;
}

/** Draws strips from `y` on, `width` bits a row. */
export function drawStrips(strips: readonly Strip[], width: number, y: number): Drawing {
  const parts: string[] = [];
  const legend: string[] = [];
  let top = y;
  if (strips[0]?.strip === "runs") {
    top += TEXT_PX / 2;
    for (let bit = 0; bit < width; bit++)
      parts.push(text("bit", LEFT + (bit + 0.5) * UNIT_PX, top, String(bit), "middle"));
    top += 4;
  }
  for (const [i, strip] of strips.entries()) {
    const drawing =
      strip.strip === "open"
        ? drawOpen(strip, width, top)
        : drawRuns(strip.runs, strip.isOptional, i === 0, width, top, legend);
    parts.push(...drawing.parts);
    top = drawing.end;
  }
  if (strips.length === 0) {
    top += TEXT_PX;
    parts.push(text("note", LEFT, top, "no bytes"));
  }
  for (const line of wrapped(legend, width)) {
    top += TEXT_PX;
    parts.push(text("note", LEFT, top, line));
  }
  return { parts, end: top };
}

/** Fields whose places follow from each other. */
function drawRuns(
  runs: readonly Run[],
  isOptional: boolean,
  isFirst: boolean,
  width: number,
  top: number,
  legend: string[],
): Drawing {
  const rows = rowsOf(runs, width);
  const heights = rows.map(({ isGap }) => (isGap ? GAP_PX : ROW_PX));
  const tops = heights.map((_, i) => top + heights.slice(0, i).reduce((sum, height) => sum + height, 0));
  const end = top + heights.reduce((sum, height) => sum + height, 0);
  const parts: string[] = [];
  // An outline is drawn where two fields meet, so that one of several rows is one shape.
  const lines: string[] = [];
  rows.forEach(({ cells, isGap, at }, i) => {
    const [from, to] = [tops[i]!, tops[i]! + heights[i]!];
    if (isFirst && !isGap) parts.push(text("bit", LEFT - 6, from + 12, String(at / 8), "end"));
    for (const cell of cells) {
      const [left, right] = [LEFT + cell.from * UNIT_PX, LEFT + cell.to * UNIT_PX];
      if (isGap) {
        parts.push(text("note", left + 6, to - 5, "⋮"), text("note", right - 6, to - 5, "⋮", "end"));
        continue;
      }
      lines.push(`M${left} ${from}V${to}`);
      if (cell === cells.at(-1)) lines.push(`M${right} ${from}V${to}`);
    }
    const above = rows[i - 1]?.cells ?? [];
    for (const [start, stop] of borders(above, cells, width))
      lines.push(`M${LEFT + start * UNIT_PX} ${from}H${LEFT + stop * UNIT_PX}`);
    if (i === rows.length - 1)
      for (const [start, stop] of borders(cells, [], width))
        lines.push(`M${LEFT + start * UNIT_PX} ${to}H${LEFT + stop * UNIT_PX}`);
  });
  parts.push(`<path class="line${isOptional ? " optional" : ""}" d="${lines.join("")}"/>`);
  for (const run of runs) {
    if (run.label === null) continue;
    const places = rows.flatMap(({ cells, isGap }, i) =>
      cells.filter((cell) => cell.run === run).map((cell) => ({ cell, isGap, middle: tops[i]! + heights[i]! / 2 })),
    );
    const widest = Math.max(...places.map(({ cell }) => cell.to - cell.from));
    const gap = places.find(({ isGap }) => isGap);
    const wide = places.filter(({ cell }) => cell.to - cell.from === widest);
    const middle = gap?.middle ?? (wide[0]!.middle + wide.at(-1)!.middle) / 2;
    parts.push(labelled(run.label, wide[0]!.cell, middle, gap !== undefined, legend));
  }
  return { parts, end };
}

/** The rows of runs; of one that fills more than three, those in the middle are left out. */
function rowsOf(runs: readonly Run[], width: number): Row[] {
  const rows: { at: number; cells: Cell[]; isGap: boolean }[] = [];
  let at = 0;
  for (const run of runs) {
    const end = at + run.bits;
    while (at < end) {
      if (at % width === 0) rows.push({ at, cells: [], isGap: false });
      const row = rows.at(-1)!;
      const from = at % width;
      const whole = Math.floor((end - at) / width);
      if (from === 0 && whole > 2) {
        row.cells.push({ run, from, to: width });
        rows.push({ at: at + width, cells: [{ run, from, to: width }], isGap: true });
        at += (whole - 1) * width;
        continue;
      }
      const to = Math.min(width, from + end - at);
      row.cells.push({ run, from, to });
      at += to - from;
    }
  }
  return rows;
}

/** Where the lower edge of one row and the upper edge of the next divide fields. */
function borders(above: readonly Cell[], below: readonly Cell[], width: number): [from: number, to: number][] {
  const at = (cells: readonly Cell[], bit: number): Run | undefined =>
    cells.find(({ from, to }) => from <= bit && bit < to)?.run;
  const found: [number, number][] = [];
  for (let bit = 0; bit < width; bit++) {
    if (at(above, bit) === at(below, bit)) continue;
    const last = found.at(-1);
    if (last?.[1] === bit) last[1]++;
    else found.push([bit, bit + 1]);
  }
  return found;
}

/** The name of a field in its cell, with a note where there is room; else a letter, which the legend explains. */
function labelled(
  { name, note, doc }: Label,
  { from, to }: Cell,
  middle: number,
  isGap: boolean,
  legend: string[],
): string {
  const [x, room] = [LEFT + ((from + to) / 2) * UNIT_PX, (to - from) * UNIT_PX - 6];
  const isFitting = (one: string, sizePx: number): boolean => one.length * CHARACTER * sizePx <= room;
  const hint = doc === "" ? "" : `<title>${escaped(doc.replace(/\s+/g, " "))}</title>`;
  let parts: string[];
  if (!isFitting(name, 12)) {
    const letter = letterOf(legend.length);
    legend.push(`${letter} ${name}${note === "" ? "" : ` (${note})`}`);
    parts = [text("", x, middle + 4, letter, "middle")];
  } else if (isGap) parts = [text("", x, middle + 4, note === "" ? name : `${name}, ${note}`, "middle")];
  else if (note === "" || !isFitting(note, 11)) parts = [text("", x, middle + 4, name, "middle")];
  else parts = [text("", x, middle - 3, name, "middle"), text("note", x, middle + 12, note, "middle")];
  return hint === "" ? parts.join("\n") : `<g>${hint}${parts.join("")}</g>`;
}

/** `a` to `z`, then `aa` and so on. */
function letterOf(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

/** A part of any length: its sides are open. */
function drawOpen(strip: Extract<Strip, { strip: "open" }>, width: number, top: number): Drawing {
  const lines = strip.lines.flatMap((line) => wrapped([line], width));
  const end = top + 10 + TEXT_PX * (lines.length + 1);
  const [left, right, middle] = [LEFT, LEFT + width * UNIT_PX, (top + end) / 2];
  const side = (x: number): string => `M${x} ${top}V${middle - 6}l-4 4l8 4l-4 4V${end}`;
  const outline = `M${left} ${top}H${right}M${left} ${end}H${right}${side(left)}${side(right)}`;
  const x = (left + right) / 2;
  const parts = [
    `<path class="line${strip.isOptional ? " optional" : ""}" d="${outline}"/>`,
    text("", x, top + TEXT_PX, strip.name, "middle"),
    ...lines.map((line, i) => text("note", x, top + TEXT_PX * (i + 2), line, "middle")),
  ];
  const hint = strip.doc === "" ? "" : `<title>${escaped(strip.doc.replace(/\s+/g, " "))}</title>`;
  return { parts: hint === "" ? parts : [`<g>${hint}${parts.join("")}</g>`], end };
}

/** Entries in lines that are as wide as a row at the most; one that is longer breaks between words. */
function wrapped(entries: readonly string[], width: number): string[] {
  const room = Math.floor((width * UNIT_PX) / (11 * CHARACTER));
  const lines: string[] = [];
  for (const [i, entry] of entries.entries()) {
    entry.split(" ").forEach((word, j) => {
      const gap = j > 0 ? " " : i > 0 ? "   " : "";
      const last = lines.at(-1);
      // An entry of the legend stays in one line where it can.
      const ahead = j > 0 ? word.length : Math.min(entry.length, room);
      if (last === undefined || last.length + gap.length + ahead > room) lines.push(word);
      else lines[lines.length - 1] = last + gap + word;
    });
  }
  return lines;
}

function text(name: string, x: number, y: number, content: string, anchor = ""): string {
  const kind = name === "" ? "" : ` class="${name}"`;
  const where = anchor === "" ? "" : ` text-anchor="${anchor}"`;
  return `<text${kind} x="${x}" y="${y}"${where} xml:space="preserve">${escaped(content)}</text>`;
}
