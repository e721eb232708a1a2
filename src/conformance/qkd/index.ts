/** Recordings of QKD key management: requests to a key manager, and envelopes of the message levels. */
import { casesOf } from "../cases.js";
import { Field, hasListOf } from "../field.js";
import { envelopeCase } from "./envelopes.js";
import { skipped, type Adapter, type Case } from "../verdict.js";

/** Reads recordings of QKD. Exchanges are skipped. */
export const qkdRecordings: Adapter = {
  protocol: "qkd",
  recognises: (json) =>
    hasListOf(json, "vectors", ["request", "response", "kind"]) || hasListOf(json, "envelopes", ["level", "envelopes"]),
  read: (json) => {
    const root = new Field(json, "");
    const casesIn = (list: string, read: (item: Field) => Case): readonly Case[] =>
      root.get(list).exists ? casesOf(root, list, read) : [];
    return [
      ...casesIn("vectors", (vector) => {
        const endpoint = endpointOf(vector.get("request").get("path").text());
        const family = `${endpoint} ${vector.get("kind").text()}`;
        return skipped(vector.get("name").text(), family, "QKD has no server or client yet");
      }),
      ...casesIn("envelopes", envelopeCase),
    ];
  },
};

/** The resource of a path: its last segment without the query, `/` for an empty one. */
function endpointOf(path: string): string {
  const end = path.search(/[?#]/);
  const last = (end < 0 ? path : path.slice(0, end)).split("/").pop();
  return last === undefined || last === "" ? "/" : last;
}
