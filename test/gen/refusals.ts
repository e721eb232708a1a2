/** Compiles specs for the sake of what is refused in them. */
import { isWireError } from "../../src/errors.js";
import { compileSpec } from "../../src/gen/index.js";

/** Compiles a spec of a few lines; the first line is `meta`. */
export function compile(files: Record<string, string>): string {
  try {
    compileSpec("a.ksy", (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error(path), { code: "ENOENT" });
      return text;
    });
  } catch (error) {
    if (!isWireError(error) || error.code !== "spec") throw error;
    return `${error.spec} ${error.actual}`;
  }
  return "compiles";
}

export const META = "meta: {id: a, endian: be, bit-endian: be}\n";
