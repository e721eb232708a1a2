/** Conformance of our QKD client to recordings of KMEs; envelopes are skipped. */
import type { MakeKmeCertificates } from "../../protocols/qkd/kme/credentials.js";
import { casesOf } from "../cases.js";
import { Field, hasListOf } from "../field.js";
import { skipped, type Adapter, type Case } from "../verdict.js";
import { Replay } from "./replay.js";
import { Unanswered } from "./unanswered.js";
import { readVector, type QkdVector } from "./vector.js";

/** Reads recordings of QKD. Envelopes are skipped. @param makeCertificates for exchanges that ended without a reply */
export function qkdRecordings(makeCertificates: MakeKmeCertificates): Adapter {
  const unanswered = new Unanswered(makeCertificates);
  return {
    protocol: "qkd",
    recognises: (json) =>
      hasListOf(json, "vectors", ["request", "response", "kind"]) ||
      hasListOf(json, "envelopes", ["level", "envelopes"]),
    read: (json) => {
      const root = new Field(json, "");
      const casesIn = (list: string, read: (item: Field) => Case): readonly Case[] =>
        root.get(list).exists ? casesOf(root, list, read) : [];
      const vectors: QkdVector[] = [];
      const replay = new Replay(vectors);
      return [
        ...casesIn("vectors", (field) => {
          const vector = readVector(field);
          vectors.push(vector);
          const { name, path, reply } = vector;
          const family = `${endpointOf(path)} ${field.get("kind").text()}`;
          const run = () => (reply === undefined ? unanswered.outcomeOf(vector) : replay.outcomeOf(vector));
          return { name, family, run };
        }),
        ...casesIn("envelopes", (envelope) => {
          const family = `envelope.${envelope.get("level").integer(0, 255)}`;
          return skipped(envelope.get("name").text(), family, "QKD has no envelopes yet");
        }),
      ];
    },
  };
}

/** The resource of a path: its last segment without the query, `/` for an empty one. */
function endpointOf(path: string): string {
  const end = path.search(/[?#]/);
  const last = (end < 0 ? path : path.slice(0, end)).split("/").pop();
  return last === undefined || last === "" ? "/" : last;
}
