/** Calls of a member as requests of clients, and answers as outcomes. */
import { isBytes, own } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import type { Backoff } from "../../machine/index.js";
import type { MemberId } from "./core/messages.js";
import type { MembershipOp, ReadSafety } from "./core/types.js";
import type { GivenCommand, RaftCall, RaftOutcome, SessionPlace } from "./types.js";
import type { ClientAnswer, ClientRequest } from "./wire/client-messages.js";

/** How frames begin unless the options say otherwise: appends are longer than a length of 2 bytes can say. */
export const FRAMING = "uint32be";
/** Pauses between the attempts of a request. */
export const RETRIES: Backoff = { firstMs: 20, maxMs: 320 };

const READ_SAFETIES: readonly ReadSafety[] = ["readIndex", "lease", "local"];
const MEMBERSHIP_OPS: readonly MembershipOp[] = ["addLearner", "promote", "demote", "remove"];

/** @throws WireError `argument` for a call that no request can say */
export function requestOf(call: RaftCall): ClientRequest {
  switch (call.type) {
    case "propose": {
      if (!isBytes(call.data)) throw argumentError("raft", "data", "bytes", typeof call.data);
      const { client = 0, serial = 0, ackedBelow = 0 } = call.session ?? {};
      for (const [name, value] of Object.entries({ client, serial, ackedBelow })) requireCount(name, value);
      return commandRequest(keptCommand(call), { client, serial, ackedBelow });
    }
    case "openSession":
      return { type: "propose", proposal: { type: "openSession" } };
    case "closeSession":
      requireCount("client", call.client);
      return { type: "propose", proposal: { type: "closeSession", client: call.client } };
    case "read":
      if (!isBytes(call.query)) throw argumentError("raft", "query", "bytes", typeof call.query);
      requireOneOf("mode", call.mode ?? "readIndex", READ_SAFETIES);
      return { type: "read", mode: call.mode ?? "readIndex", query: own(call.query) };
    case "change":
      requireCount("member", call.member);
      requireOneOf("op", call.op, MEMBERSHIP_OPS);
      if (typeof (call.address ?? "") !== "string") throw argumentError("raft", "address", "text", typeof call.address);
      return admin(call.op, call.member, call.address);
    case "transfer":
      requireCount("to", call.to ?? 0);
      return admin("transfer", call.to);
    case "snapshot":
    case "status":
    case "backup":
      return admin(call.type);
    default:
      // Callers without types may ask for anything.
      throw argumentError("raft", "type", "a call of Raft", String((call as { type?: unknown }).type));
  }
}

/** The request for a command, whose bytes are kept as they are. */
export function commandRequest(data: Uint8Array, { client, serial, ackedBelow }: SessionPlace): ClientRequest {
  return { type: "propose", proposal: { type: "command", client, serial, ackedBelow, data } };
}

/** The bytes of a command, which stay as they are. */
export function keptCommand({ data, isGiven = false }: GivenCommand): Uint8Array {
  return isGiven ? data : own(data);
}

/** What a call settles with that went well. */
export function outcomeOf(call: Exclude<RaftCall, { type: "status" }>, { index, result }: ClientAnswer): RaftOutcome {
  switch (call.type) {
    case "propose":
      return { type: "proposed", index, result: own(result) };
    case "openSession":
      return { type: "sessionOpened", client: index };
    case "closeSession":
      return { type: "sessionClosed" };
    case "read":
      return { type: "read", index, result: own(result) };
    case "change":
      return { type: "changed", index };
    case "transfer":
      return { type: "transferred" };
    case "snapshot":
      return { type: "snapshotTaken", index };
    case "backup":
      return { type: "backupBegun", index };
  }
}

function admin(op: Extract<ClientRequest, { type: "admin" }>["op"], member: MemberId = 0, address = ""): ClientRequest {
  return { type: "admin", op, member, address };
}

function requireCount(path: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw argumentError("raft", path, "0 to 2^53 - 1", String(value));
}

function requireOneOf(path: string, value: string, values: readonly string[]): void {
  if (!values.includes(value)) throw argumentError("raft", path, values.join(", "), String(value));
}
