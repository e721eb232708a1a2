/** The picture in the README names what is there. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { filesOf, root } from "../../house/tree.js";

const readme = readFileSync(new URL("src/protocols/dps/README.md", root), "utf8");
const [, picture = ""] = /```mermaid\n([\s\S]*?)```/.exec(readme) ?? [];
/** Words of code: letters of both cases, with a capital inside. */
const names = [...new Set(picture.match(/\b[A-Za-z][a-z]+[A-Z]\w*\b/g))];
const exported = new Set(
  filesOf(new URL("src/protocols/", root))
    .filter(({ pathname }) => pathname.endsWith(".ts"))
    .flatMap((file) =>
      Array.from(
        readFileSync(file, "utf8").matchAll(/^export (?:async )?(?:function|class|const|interface|type) (\w+)/gm),
        ([, name]) => name!,
      ),
    ),
);

describe("the picture from file to chain", () => {
  it("names something at each of its steps", () => {
    expect(names).toEqual(expect.arrayContaining(["chunkKey", "putFile", "DhtMachine", "RaftMachine", "ChainMachine"]));
    for (const step of ["file", "chunks", "dht", "raft", "chain"])
      expect(picture).toMatch(new RegExp(`\\b${step}[[(]`));
  });

  it.each(names)("has %s from the code", (name) => {
    expect(exported.has(name)).toBe(true);
  });
});
