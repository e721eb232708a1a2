/** Recordings of DPS: vectors in categories. */
import { casesOf } from "../cases.js";
import { Field, isRecord } from "../field.js";
import { skipped, type Adapter } from "../verdict.js";

/** Reads recordings of DPS. All vectors are skipped. */
export const dpsRecordings: Adapter = {
  protocol: "dps",
  recognises: (json) =>
    isRecord(json) &&
    isRecord(json["categories"]) &&
    Object.values(json["categories"]).some(
      (category) => isRecord(category) && Array.isArray(category["vectors"]) && category["vectors"].length > 0,
    ),
  read: (json) =>
    new Field(json, "")
      .get("categories")
      .members()
      .flatMap(([category, field]) =>
        casesOf(field, "vectors", (vector) => skipped(vector.get("id").text(), category, "DPS has no peer yet")),
      ),
};
