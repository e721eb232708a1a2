/** The contract of chunk and metadata stores, over every back end of this process. */
import { describe, expect, test } from "vitest";
import { LIST_KEYS_MAX, remoteChunks } from "../../../src/protocols/store/index.js";
import { chunkKeyOf as key, chunkSuite, metadataSuite } from "./back-end-suite.js";
import { codeOf, ENGINES } from "./engines.js";

describe.each(Object.entries(ENGINES))("chunks on %s", (name, make) => {
  // On files a lock stands before every deletion; a peer is asked for one, and carries it out when it likes.
  chunkSuite(() => make().chunks, { another: name === "memory" ? async (chunks) => chunks : undefined });
});

describe.each(Object.entries(ENGINES))("metadata on %s", (_name, make) => {
  metadataSuite(() => make().metadata);
});

test.each([
  ["get", 5],
  ["get", "text"],
  ["has", undefined],
  ["list", [key(2), key(1)]],
  ["list", ["x"]],
  ["list", [key(0)]],
  ["list", Array.from({ length: LIST_KEYS_MAX + 1 }, (_, i) => key(i + 5))],
  ["list", undefined],
])("a peer that answers %s with %j is refused", async (type, reply) => {
  const chunks = remoteChunks({ request: async () => reply as never });
  const calls = { get: () => chunks.get(key(1), 9), has: () => chunks.has(key(1)), list: () => chunks.list(key(0)) };
  expect(await codeOf(calls[type as "get"]())).toBe("storage");
});
