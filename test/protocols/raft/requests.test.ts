/** Calls as requests: whose bytes they keep. */
import { expect, it } from "vitest";
import { requestOf } from "../../../src/protocols/raft/requests.js";

it("A command is copied, unless its caller has given its bytes away", () => {
  const data = Uint8Array.of(1, 2, 3);
  const copied = commandIn(requestOf({ type: "propose", data }));
  const alsoCopied = commandIn(requestOf({ type: "propose", data, isGiven: false }));
  const given = commandIn(requestOf({ type: "propose", data, isGiven: true }));
  data.fill(9);
  expect([copied, alsoCopied, given]).toEqual([Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3), data]);
});

function commandIn(request: ReturnType<typeof requestOf>): Uint8Array | undefined {
  return request.type === "propose" && request.proposal.type === "command" ? request.proposal.data : undefined;
}
