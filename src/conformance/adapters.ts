import { WireError } from "../errors.js";
import { bittrrt } from "./bittrrt/index.js";
import { Field, hasListOf, isRecord } from "./fields.js";
import { raida } from "./raida/index.js";
import type { Adapter, Case } from "./verdict.js";

const qkd: Adapter = {
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

const dps: Adapter = {
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

const ADAPTERS: readonly Adapter[] = [raida, bittrrt, qkd, dps];

/** The cases of a recording, whose protocol its content tells. @throws WireError `argument` */
export function readRecording(text: string, file: string): { protocol: string; cases: readonly Case[] } {
  const json = parse(text, file);
  const adapter = ADAPTERS.find((one) => one.recognises(json));
  if (adapter === undefined) throw refuse(file, `a recording of ${ADAPTERS.map((one) => one.protocol).join(", ")}`);
  return { protocol: adapter.protocol, cases: adapter.read(json) };
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refuse(file, "JSON", cause);
  }
}

function refuse(file: string, expected: string, cause?: unknown): WireError {
  return new WireError(
    { code: "argument", format: "recording", path: "", offset: 0, expected, actual: file },
    { cause },
  );
}

function skipped(name: string, family: string, reason: string): Case {
  return { name, family, run: () => ({ verdict: "skipped", reason }) };
}

/** The resource of a path: its last part, `/` where it ends in none, without the query. */
function endpointOf(path: string): string {
  const last = path
    .replace(/[?#].*$/, "")
    .split("/")
    .pop();
  return last === undefined || last === "" ? "/" : last;
}
