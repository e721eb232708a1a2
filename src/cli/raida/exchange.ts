/** One exchange with a RAIDA server, shown byte by byte. */
import { connect } from "node:net";
import { concatBytes } from "../../bytes/index.js";
import {
  CommandGroup,
  encodeGetTicketRequest,
  encodeRequestHeader,
  HealingCommand,
  REQUEST_HEADER_LEGACY_DEFAULTS,
  REQUEST_HEADER_LEGACY_SIZE,
  RESPONSE_HEADER_LEGACY_SIZE,
} from "../../protocols/raida/index.js";
import type { Coin } from "../../protocols/raida/node.js";
import { annotate } from "../../gen/annotate.js";
import { enumsOf, findFormat } from "../../gen/catalogue/index.js";
import { parseAddress } from "../../transport/index.js";
import { annotatedHex } from "../hex.js";

/** Requests a ticket of one server. @returns lines that show every byte of request and reply */
export async function showExchange(address: string, server: number, coin: Coin): Promise<string[]> {
  const body = encodeGetTicketRequest({
    challenge: crypto.getRandomValues(new Uint8Array(12)),
    coins: [{ denomination: coin.denomination, serial: coin.serial, an: coin.ans[server]! }],
  });
  const header = encodeRequestHeader({
    ...REQUEST_HEADER_LEGACY_DEFAULTS,
    raidaId: server,
    commandGroup: CommandGroup.healing,
    command: HealingCommand.getTicket,
    bodyLength: body.length,
    nonce: crypto.getRandomValues(new Uint8Array(8)),
  });
  const request = concatBytes(header, body);
  const reply = await send(address, request);
  return [
    `client → server ${server}, get_ticket, ${request.length} bytes`,
    ...show("raida_request_header_legacy", request, 0, REQUEST_HEADER_LEGACY_SIZE),
    ...show("raida_get_ticket_request", request, REQUEST_HEADER_LEGACY_SIZE, request.length),
    `server ${server} → client, ${reply.length} bytes`,
    ...show("raida_response_header_legacy", reply, 0, RESPONSE_HEADER_LEGACY_SIZE),
    ...show("raida_get_ticket_reply", reply, RESPONSE_HEADER_LEGACY_SIZE, reply.length),
  ];
}

function show(format: string, bytes: Uint8Array, at: number, end: number): string[] {
  const { type, module } = findFormat(format)!;
  const part = bytes.subarray(at, end);
  return annotatedHex(annotate(module, type, part, enumsOf(module.package)), part, { base: at }).map(
    (line) => `  ${line}`,
  );
}

function send(address: string, request: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const { host, port } = parseAddress(address);
    const chunks: Uint8Array[] = [];
    const socket = connect(port, host, () => socket.write(request));
    socket.setTimeout(5_000, () => socket.destroy(new Error(`no answer from ${address}`)));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", () => resolve(concatBytes(...chunks)));
    socket.on("error", reject);
  });
}
