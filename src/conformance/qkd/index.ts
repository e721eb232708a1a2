/** Recordings of QKD key management: requests to a key manager, and envelopes of the message levels. */
import { Field, hasListOf } from "../fields.js";
import { skipped, type Adapter } from "../verdict.js";

export const qkdRecordings: Adapter = {
  protocol: "qkd",
  recognises: (json) =>
    hasListOf(json, "vectors", ["name", "request", "kind"]) || hasListOf(json, "envelopes", ["name", "level"]),
  read: (json) => {
    const root = new Field(json, "");
    const itemsOf = (name: string): Field[] => (root.get(name).exists ? root.get(name).items() : []);
    return [
      ...itemsOf("vectors").map((vector) => {
        const endpoint = endpointOf(vector.get("request").get("path").text());
        const family = `${endpoint} ${vector.get("kind").text()}`;
        return skipped(vector.get("name").text(), family, "QKD has no server or client yet");
      }),
      ...itemsOf("envelopes").map((envelope) => {
        const family = `envelope.${envelope.get("level").integer(0, 255)}`;
        return skipped(envelope.get("name").text(), family, "QKD has no envelopes yet");
      }),
    ];
  },
};

/** The resource of a path: its last part, `/` where it ends in none, without the query. */
function endpointOf(path: string): string {
  const last = path
    .replace(/[?#].*$/, "")
    .split("/")
    .pop();
  return last === undefined || last === "" ? "/" : last;
}
