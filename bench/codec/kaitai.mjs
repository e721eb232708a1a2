/** Readers that Kaitai's own compiler makes of our specs. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Compiler from "kaitai-struct-compiler";
import KaitaiStream from "kaitai-struct/KaitaiStream.js";
import { parse } from "yaml";

const readSpec = (path) => parse(readFileSync(new URL(`../../${path}.ksy`, import.meta.url), "utf8"));

/**
 * @param {string} path of a spec file within its folder, without its ending
 * @returns what its module exports
 */
export async function compileKaitai(path, folder = "spec") {
  const importer = { importYaml: (_name, mode) => Promise.reject(new Error(`${path} imports ${mode}`)) };
  const files = await Compiler.compile("javascript", readSpec(`${folder}/${path}`), importer, false);
  const exports = {};
  // oxlint-disable-next-line no-new-func -- a module that the compiler made of our spec
  for (const source of Object.values(files)) new Function("exports", "require", source)(exports, requireForKaitai);
  return exports;
}

const require = createRequire(import.meta.url);
const requireForKaitai = (name) => (name.endsWith("KaitaiStream") ? KaitaiStream : require(name));
