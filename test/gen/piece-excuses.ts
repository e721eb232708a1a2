/** Why we may refuse what the official reader accepts, proven on the bytes. */
import type { WireIssue } from "../../src/errors.js";

/**
 * The rule by which bytes may be refused that the official reader accepts; undefined where there is none.
 * @param spec the text of the spec
 */
export function excuseOf(issue: WireIssue, bytes: Uint8Array, spec: string): string | undefined {
  const line = spec.split("\n")[Number(issue.spec?.split(":")[1]) - 1] ?? "";
  const at = issue.offset ?? 0;
  const actual = Number(issue.actual);
  switch (issue.code) {
    case "trailing":
      return at < bytes.length ? "ignores bytes after the value" : undefined;
    case "crc":
      return line.includes("-derive") && isNumberAt(at, bytes, actual) ? "knows no checksum" : undefined;
    case "text":
      return bytes.subarray(at).some((byte) => byte > 0x7f) ? "makes text of any bytes" : undefined;
    case "argument":
      return line.includes("repeat-expr") && !(actual >= 0) ? "repeats a negative number of times as none" : undefined;
    case "kind":
    case "short":
      // A length that is not there is all that there is.
      if (/of (?:undefined|NaN)/.test(issue.actual ?? "")) return "takes everything where no length is there";
      if (Number(/of (\d+) bytes/.exec(issue.actual ?? "")?.[1] ?? 0) >= 2 ** 31) return "takes 32 bits of a length";
      if (spec.includes('"-min"') && /of \d+ bytes/.test(issue.actual ?? "")) return "knows no least number of items";
      // A repeated one is short of bytes before it is of no case, and so is one that holds such a choice.
      return spec.split("\n").some((each) => each.includes('"cases"') && !each.includes('"_"'))
        ? "reads nothing where no case fits"
        : undefined;
    case "range": {
      const [least, most] = ["-min", "-max"].map((key) => new RegExp(`"${key}":(-?\\d+)`).exec(line)?.[1]);
      if (least !== undefined && actual < Number(least)) return "knows no -min";
      if (most !== undefined && actual > Number(most)) return "knows no -max";
      if (line.includes("repeat-expr") && actual < Number(/"repeat-expr":".* - (\d+)"/.exec(line)?.[1] ?? 0))
        return "repeats a negative number of times as none";
      return isLongGroup(at, bytes) ? "knows no shortest form, and no longest" : undefined;
    }
    default:
      return undefined;
  }
}

/** True when the bytes at a place are a number; that drawn checksums are right is asked of the drawn bytes. */
function isNumberAt(at: number, bytes: Uint8Array, value: number): boolean {
  return [1, 2, 4].some((size) => {
    const own = [...bytes.subarray(at, at + size)];
    const joined = (list: readonly number[]): number => list.reduce((sum, byte) => sum * 256 + byte, 0);
    return own.length === size && (joined(own) === value || joined(own.toReversed()) === value);
  });
}

/** True when groups of seven bits at a place are no shortest form, or too many. */
function isLongGroup(at: number, bytes: Uint8Array): boolean {
  let last = at;
  while (last < bytes.length && bytes[last]! >= 128) last++;
  const isPadded = last > at && (bytes[last] === 0 || bytes[at] === 128);
  return isPadded || last - at >= 4;
}
