/** The encodings of texts that general types can read and write alike. */
import type { Source } from "../../source.js";
import { refusal } from "../../refused.js";

/** By the name that the language prefers; other names of the same follow, without what stands between words. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  ASCII: ["usascii"],
  "UTF-8": [],
  "UTF-16LE": [],
  "UTF-16BE": [],
  "UTF-32LE": [],
  "UTF-32BE": [],
  "ISO-8859-1": ["latin1"],
  IBM437: ["cp437"],
  IBM866: ["cp866"],
  Shift_JIS: ["sjis"],
  Big5: [],
  GBK: ["gb2312", "cp936"],
  "EUC-KR": [],
  "EUC-JP": [],
  "KOI8-R": [],
  "KOI8-U": [],
};

/** Those whose tables every platform has, by their number. */
const PARTS = [2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16].map((n) => `ISO-8859-${n}`);
const PAGES = [1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258].map((n) => `windows-${n}`);

export const ENCODINGS: readonly string[] = [...Object.keys(NAMES), ...PARTS, ...PAGES];

/** An encoding by one of its names. */
export function encodingNamed(text: string, near: Source): string {
  const name = plain(text).replace(/^cp(?=125\d$)/, "windows");
  const found = ENCODINGS.find((each) => plain(each) === name || NAMES[each]?.includes(name) === true);
  return found ?? near.fail(`${refusal("encoding", `the encoding '${text}'`)}: ${ENCODINGS.join(", ")}`);
}

/** A name in small letters, without what stands between its words. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, "");
}
