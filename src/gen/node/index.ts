/** The generator in Node.js: spec files to code files, and layouts as parsers of other libraries. */
export { compileFile, generateFiles, TARGETS, type GeneratedFile, type GenerateOptions, type Target } from "./files.js";
export { asBinaryParser } from "./interop/binary-parser.js";
export { asRestructure } from "./interop/restructure.js";
