/** MANIFEST and the recordings that it lists: hashes, sizes, numbers of vectors. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readManifest, readRecording, readSeed, seedFiles, seeds, SYSTEMS } from "./recordings.js";

const entries = readManifest();

test("MANIFEST lists every file but the READMEs, and no other", () => {
  const listed = entries.map(({ path }) => path);
  expect(seedFiles.filter((path) => path !== "MANIFEST" && !/(^|\/)README\.md$/.test(path))).toEqual(listed.sort());
});

test("every line of MANIFEST is a comment or belongs to an entry", () => {
  const hashes = readSeed("MANIFEST")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  expect(hashes.sort()).toEqual(entries.map(({ sha256, path }) => `${sha256}  ${path}`).sort());
});

test.each(SYSTEMS)("%s has its recordings and its README", (system) => {
  expect(seedFiles).toEqual(expect.arrayContaining([`${system}/vectors.json`, `${system}/README.md`]));
});

describe.each(entries)("$path", ({ path, sha256, bytes, vectors, origin }) => {
  const content = readFileSync(new URL(path, seeds));

  test("has the bytes that MANIFEST names", () => {
    expect(content.length).toBe(bytes);
    expect(createHash("sha256").update(content).digest("hex")).toBe(sha256);
  });

  test("has an origin: a repository and a commit or a recording", () => {
    expect(origin).toMatch(/^[\w.-]+\/[\w.-]+ (at [0-9a-f]{7}|and its fork)/);
  });

  test("has the number of vectors that MANIFEST names", () => {
    expect(readRecording(path).filter(({ family }) => !/^L\d$/.test(family))).toHaveLength(vectors);
  });

  test("has one vector a line", () => {
    const lines = content
      .toString()
      .split("\n")
      .filter((line) => /^ +\{".*\},?$/.test(line))
      .map((line) => JSON.parse(line.replace(/,$/, "")) as unknown);
    expect(lines).toEqual(readRecording(path).map(({ vector }) => vector));
  });
});
