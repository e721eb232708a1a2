/** Blocks of documents that programs write, between `<!-- name -->` and `<!-- /name -->`. */
import { readFileSync, writeFileSync } from "node:fs";

/** The text of a block, without the blank lines around it. @throws where the document has no such block */
export function readBlock(path, name) {
  const { text, start, end } = find(path, name);
  return text.slice(start, end).trim();
}

/** Replaces the text of a block, and tells whether it was another one. */
export function writeBlock(path, name, block) {
  const { text, start, end } = find(path, name);
  if (text.slice(start, end).trim() === block.trim()) return false;
  writeFileSync(path, `${text.slice(0, start)}\n${block.trim()}\n${text.slice(end)}`);
  return true;
}

/** The names of the blocks of a document that begin with `prefix`, in their order. */
export function namesOfBlocks(path, prefix = "") {
  const names = readFileSync(path, "utf8").matchAll(/^<!-- ([^/\s]\S*) -->$/gm);
  return Array.from(names, ([, name]) => name).filter((name) => name.startsWith(prefix));
}

function find(path, name) {
  const text = readFileSync(path, "utf8");
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`${path} has no block ${open}`);
  return { text, start: start + open.length, end };
}
