/** Names of the emitted code, from the names of a spec. */

/** `get_ticket_request` → `getTicketRequest` */
export function camel(name: string): string {
  // Row by row of underscores, without an expression: parsers of other libraries ask for each field of each item.
  let made = "";
  let at = 0;
  for (let row = name.indexOf("_"); row >= 0; row = name.indexOf("_", at)) {
    let end = row + 1;
    while (name[end] === "_") end++;
    const next = name[end] ?? "";
    const isLetter = (next >= "a" && next <= "z") || (next >= "0" && next <= "9");
    made += isLetter ? name.slice(at, row) + next.toUpperCase() : name.slice(at, end);
    at = isLetter ? end + 1 : end;
  }
  return made + name.slice(at);
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
