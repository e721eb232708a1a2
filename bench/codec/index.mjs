import { frameCells } from "./frame.mjs";
import { requestHeaderCells } from "./request-header.mjs";
import { ticketCells } from "./ticket.mjs";

export const cells = [...(await frameCells()), ...requestHeaderCells(), ...ticketCells()];
