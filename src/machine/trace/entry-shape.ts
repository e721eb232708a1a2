/** The shape of trace lines: which fields each event and effect has. */
import { isBytes } from "../../bytes/index.js";
import type { Effect, Event } from "../types.js";

/** The type of each field, which is the same in every event and effect. */
const TYPES = {
  link: "number",
  id: "number",
  exchange: "number",
  status: "number",
  op: "number",
  at: "number",
  length: "number",
  size: "number",
  badAt: "number",
  deadlineMs: "number",
  peer: "string",
  local: "string",
  key: "string",
  prefix: "string",
  keys: "strings",
  level: "string",
  origin: "string",
  method: "string",
  path: "string",
  message: "string",
  bytes: "bytes",
  body: "bytes",
  headers: "object",
  sent: "boolean",
  isTorn: "boolean",
  writes: "writes",
  error: "object",
  identity: "object",
  server: "object",
} as const;

type Fields = readonly (keyof typeof TYPES)[];

const EVENTS: Readonly<Record<Event["type"], Fields>> = {
  opened: ["link", "peer"],
  bytes: ["link", "bytes"],
  ended: ["link"],
  congested: ["link"],
  drained: ["link"],
  closed: ["link"],
  datagram: ["peer", "bytes"],
  bound: ["op", "local"],
  requested: ["exchange", "peer", "method", "path", "headers", "body"],
  abandoned: ["exchange"],
  sent: ["exchange"],
  answered: ["exchange", "status", "headers", "body"],
  unanswered: ["exchange", "error", "sent"],
  call: ["id", "deadlineMs"],
  cancel: ["id"],
  loaded: ["op"],
  listed: ["op", "keys"],
  stored: ["op"],
  failed: ["op", "error"],
  wake: [],
  stop: [],
};

const EFFECTS: Readonly<Record<Effect["type"], Fields>> = {
  connect: ["link", "peer"],
  write: ["link", "bytes"],
  shut: ["link"],
  abort: ["link"],
  pause: ["link"],
  resume: ["link"],
  datagram: ["peer", "bytes"],
  bind: ["op", "local"],
  release: ["local"],
  request: ["exchange", "origin", "method", "path"],
  respond: ["exchange", "status"],
  abandon: ["exchange"],
  load: ["op", "key"],
  list: ["op", "prefix"],
  store: ["op", "writes"],
  settle: ["id"],
  emit: [],
  log: ["level", "message"],
};

const PUT: Fields = ["key", "at", "bytes"];
const OPTIONAL = [
  "bytes",
  "error",
  "local",
  "at",
  "length",
  "size",
  "badAt",
  "isTorn",
  "identity",
  "server",
  "headers",
  "body",
] as const;

type Unchecked = Readonly<Record<string, unknown>>;

/** The shape that a line lacks, for an error; undefined for a valid `TraceEntry`. */
export function expectedShape(entry: Unchecked): string | undefined {
  if (entry["host"] !== undefined && typeof entry["host"] !== "string") return "a host that is a string";
  if ("random" in entry) return isBytes(entry["random"]) ? undefined : "random bytes";
  if ("unixNs" in entry) return typeof entry["unixNs"] === "bigint" ? undefined : "a wall clock in nanoseconds";
  if (typeof entry["nowMs"] !== "number") return "a line with a time, or a draw";
  if ("event" in entry) return expectedPart("event", EVENTS, entry["event"]);
  if ("effect" in entry) return expectedPart("effect", EFFECTS, entry["effect"]);
  if ("start" in entry) {
    const { start } = entry;
    return isRecord(start) && typeof start["machine"] === "string" ? undefined : "the name of a machine that starts";
  }
  return typeof entry["note"] === "string" ? undefined : "an event, an effect, a start or a note";
}

function expectedPart(what: string, forms: Readonly<Record<string, Fields>>, part: unknown): string | undefined {
  const type = isRecord(part) ? part["type"] : undefined;
  if (!isRecord(part) || typeof type !== "string" || !Object.hasOwn(forms, type)) {
    return `an ${what} of type ${Object.keys(forms).join(", ")}`;
  }
  // Optional fields: `bytes`, `size`, `badAt` and `isTorn` of `loaded`, `error` of `closed`, `local` of `datagram`, `at`
  // and `length` of `load`, `identity` of `opened` and `requested`, `server` of `connect` and `request`, `headers` and `body`
  // of `request` and `respond`. Traces before version 0.1.0 have no `size`.
  const optional = OPTIONAL.filter((field) => part[field] !== undefined);
  const wrong = [...forms[type]!, ...optional].find((field) => !hasType(part[field], TYPES[field]));
  return wrong === undefined ? undefined : `${wrong} of type ${TYPES[wrong]} in the ${what} ${type}`;
}

function hasType(value: unknown, type: (typeof TYPES)[keyof typeof TYPES]): boolean {
  if (type === "bytes") return isBytes(value);
  if (type === "writes") return Array.isArray(value) && value.every(isWrite);
  if (type === "strings") return Array.isArray(value) && value.every((each) => typeof each === "string");
  return type === "object" ? isRecord(value) : typeof value === type;
}

function isWrite(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if ("remove" in value) return hasType(value["key"], "string") && value["remove"] === true;
  return PUT.every((field) => hasType(value[field], TYPES[field]));
}

function isRecord(value: unknown): value is Unchecked {
  return typeof value === "object" && value !== null;
}
