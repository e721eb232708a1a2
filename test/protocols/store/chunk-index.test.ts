/** Records whose list of chunks was changed at random: the store opens, and gives the right bytes or a typed error. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isWireError } from "../../../src/errors.js";
import { sha256 } from "../../../src/kernel/index.js";
import { formatRecord, recordPath, type ChunkReference, type FileRecord } from "../../../src/protocols/store/index.js";
import { bytesOf, content, ENGINES, openOn } from "./engines.js";

const C = content(200_000);
const HASH = sha256(C);

/** A change of the list. */
const changes = fc.oneof(
  fc.record({ at: fc.nat(3), chunkIndex: fc.nat(5) }),
  fc.record({ at: fc.nat(3), chunkSize: fc.constantFrom(0, 1, 3_392, 65_535, 65_536, 65_537, 0xffffffff) }),
  fc.record({ at: fc.nat(3), key: fc.uint8Array({ minLength: 20, maxLength: 20 }) }),
  fc.record({ at: fc.nat(3), dataHash: fc.constantFrom(HASH, sha256(C.subarray(0, 65_536))) }),
  fc.record({ at: fc.nat(3), parent: fc.constantFrom(HASH, sha256(C.subarray(0, 1))) }),
  fc.record({ at: fc.nat(3), with: fc.nat(3) }),
  fc.record({ at: fc.nat(3), isGone: fc.constant(true) }),
);

function changed(record: FileRecord, list: readonly { readonly at: number }[]): FileRecord {
  const references: ChunkReference[] = [...record.references];
  for (const { at, ...change } of list) {
    const reference = references[at];
    if (reference === undefined) continue;
    if ("isGone" in change) references.splice(at, 1);
    else if ("with" in change) {
      const other = change.with as number;
      references[at] = references[other] ?? reference;
      references[other] = reference;
    } else references[at] = { ...reference, ...change };
  }
  // Holes of a list that lost an item.
  return { ...record, references: references.filter((one) => one !== undefined) };
}

test("a changed list of chunks gives the right bytes or a typed error, and no chunk is lost", async () => {
  const seen = { read: 0, refused: 0, unusable: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(changes, { minLength: 1, maxLength: 3 }), fc.boolean(), async (list, counts) => {
      const engine = ENGINES["memory"]!();
      const first = await openOn(engine);
      await first.put(C, { name: "c" });
      const record = changed(await first.info("c"), list);
      const totalChunks = counts ? record.references.length : record.metadata.totalChunks;
      const text = formatRecord({ ...record, metadata: { ...record.metadata, totalChunks } });
      await engine.metadata.put(recordPath(HASH), new TextEncoder().encode(text));
      const store = await openOn(engine);
      if (store.unusable.length > 0) {
        seen.unusable++;
        expect(await store.gc()).toMatchObject({ chunks: 0 });
        expect(await store.restoreRecords()).toHaveLength(1);
        expect(Buffer.compare(await bytesOf(await store.get("c")), C)).toBe(0);
        return;
      }
      try {
        expect(Buffer.compare(await bytesOf(await store.get("c")), C)).toBe(0);
        seen.read++;
      } catch (error) {
        expect(isWireError(error), String(error)).toBe(true);
        seen.refused++;
      }
    }),
    { numRuns: 300, seed: 21 },
  );
  expect(Math.min(seen.read, seen.refused, seen.unusable)).toBeGreaterThan(5);
});
