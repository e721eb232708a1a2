/** Calls of a member as requests of clients, and answers as outcomes. */
import { isBytes, own } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import type { MemberId } from "./core/messages.js";
import type { RaftCall, RaftOutcome } from "./types.js";
import type { ClientAnswer, ClientRequest } from "./wire/client-messages.js";

/** @throws WireError `argument` for a call that no request can say */
export function requestOf(call: RaftCall): ClientRequest {
  switch (call.type) {
    case "propose": {
      if (!isBytes(call.data)) throw argumentError("raft", "data", "bytes", typeof call.data);
      const { client = 0, serial = 0, ackedBelow = 0 } = call.session ?? {};
      for (const [name, value] of Object.entries({ client, serial, ackedBelow })) requireCount(name, value);
      return { type: "propose", proposal: { type: "command", client, serial, ackedBelow, data: own(call.data) } };
    }
    case "openSession":
      return { type: "propose", proposal: { type: "openSession" } };
    case "closeSession":
      requireCount("client", call.client);
      return { type: "propose", proposal: { type: "closeSession", client: call.client } };
    case "read":
      if (!isBytes(call.query)) throw argumentError("raft", "query", "bytes", typeof call.query);
      return { type: "read", mode: call.mode ?? "readIndex", query: own(call.query) };
    case "change":
      requireCount("member", call.member);
      return admin(call.op, call.member, call.address);
    case "transfer":
      requireCount("to", call.to ?? 0);
      return admin("transfer", call.to);
    case "snapshot":
    case "status":
      return admin(call.type);
  }
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
  }
}

function admin(op: Extract<ClientRequest, { type: "admin" }>["op"], member: MemberId = 0, address = ""): ClientRequest {
  return { type: "admin", op, member, address };
}

function requireCount(path: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw argumentError("raft", path, "0 to 2^53 - 1", String(value));
}
