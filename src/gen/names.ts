/** Names of the emitted code, from the names of a spec. */

/** `get_ticket_request` → `getTicketRequest` */
export function camel(name: string): string {
  // Parsers of other libraries ask for each field of each item, and most names are one word.
  if (!name.includes("_")) return name;
  // Only from the first underscore of a row: from each of them it would take time in the square of their number.
  return name.replace(/(?<!_)_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `get_ticket_request` → `GetTicketRequest` */
export function pascal(name: string): string {
  const word = camel(name);
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `RequestId` → `requestId`, `RPC` → `rpc`, `RPCFrame` → `rpcFrame`: capitals at the beginning are one word. */
export function decapitalised(name: string): string {
  return name.replace(/^[A-Z]+(?=[A-Z][a-z]|[^A-Za-z]|$)|^[A-Z]/, (capitals) => capitals.toLowerCase());
}

/** `get_ticket_request` → `GET_TICKET_REQUEST` */
export function upper(name: string): string {
  return name.toUpperCase();
}

const WORDS = `
  arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof undefined var void while with yield`;

/** Words that no variable of JavaScript can be called; fields and types have names of their own kind. */
export const RESERVED: ReadonlySet<string> = new Set(WORDS.trim().split(/\s+/));
