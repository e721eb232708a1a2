/** Codecs of RAIDA: request headers and get_ticket. */
import { requestHeaderCells } from "./request-header.mjs";
import { ticketCells } from "./ticket.mjs";

export const cells = [...requestHeaderCells(), ...ticketCells()];
