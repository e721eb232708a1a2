/** Recordings of DPS: categories of vectors. */
import { Field, hasListOf, isRecord } from "../fields.js";
import { skipped, type Adapter } from "../verdict.js";

export const dpsRecordings: Adapter = {
  protocol: "dps",
  recognises: (json) =>
    isRecord(json) &&
    isRecord(json["categories"]) &&
    Object.values(json["categories"]).some((category) => hasListOf(category, "vectors", ["id"])),
  read: (json) =>
    new Field(json, "")
      .get("categories")
      .members()
      .flatMap(([category, field]) =>
        field
          .get("vectors")
          .items()
          .map((vector) => skipped(vector.get("id").text(), category, "DPS has no node or client yet")),
      ),
};
