/** Pictures of layouts as RFCs draw them: bits beside each other, rows below each other. */
import { argumentError } from "../../errors.js";
import type { GeneralType, Module, Type } from "../ir.js";
import { generalSectionsOf } from "./general-strips.js";
import { drawStrips, MARGIN, TEXT_PX, UNIT_PX, type Drawing } from "./draw.js";
import { escaped } from "./escape.js";
import { sectionsOf } from "./strips.js";

/** How a picture looks. */
export interface SvgOptions {
  /** Bits of a row: a multiple of 8 from 8 to 128. */
  readonly width?: number;
}

/** Light and dark by what the reader prefers; the ground is the picture's own, so that it can be read on any page. */
const STYLE = `
.ground{fill:#fff}.line{stroke:#57606a;fill:none}.optional{stroke-dasharray:4 3}
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#1f2328}
.note,.bit{fill:#59636e}.note{font-size:11px}.bit{font-size:9px}.title{font-weight:bold}
@media(prefers-color-scheme:dark){.ground{fill:#0d1117}.line{stroke:#8b949e}text{fill:#e6edf3}.note,.bit{fill:#9198a1}}
`.trim();

/**
 * The picture of a type, with those of the types that it holds below it, as SVG: text that can be selected, the same
 * bytes for the same layout.
 * @throws WireError `argument` for a width that is none
 */
export function emitSvg(module: Module, type: Type | GeneralType, { width = 32 }: SvgOptions = {}): string {
  if (!Number.isInteger(width) || width % 8 !== 0 || width < 8 || width > 128)
    throw argumentError(type.format, "width", "a multiple of 8 from 8 to 128", String(width));
  const sections = "body" in type ? sectionsOf(module, type) : generalSectionsOf(module.general!, type);
  const parts: string[] = [];
  let y = MARGIN;
  for (const { title, strips } of sections) {
    y += TEXT_PX;
    parts.push(`<text class="title" x="${MARGIN}" y="${y}">${escaped(title)}</text>`);
    y += TEXT_PX / 2;
    const drawing: Drawing = drawStrips(strips, width, y);
    parts.push(...drawing.parts);
    y = drawing.end + TEXT_PX;
  }
  const [wide, high] = [3 * MARGIN + width * UNIT_PX, y];
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}">`,
    `<title>${escaped(type.format)}</title>`,
    ...(type.doc === "" ? [] : [`<desc>${escaped(type.doc.replace(/\s+/g, " "))}</desc>`]),
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${wide}" height="${high}" rx="6"/>`,
    ...parts,
    "</svg>",
  ].join("\n")}\n`;
}
