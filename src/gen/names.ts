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

/** `get_ticket_request` → `GET_TICKET_REQUEST` */
export function upper(name: string): string {
  return name.toUpperCase();
}

const WORDS = `
  abstract and any as assert async await bool boolean break byte case catch char class const continue crate debugger
  def default del delete do double elif else enum except exec export extends extern false final finally float fn for
  from function global goto if impl implements import in instanceof int interface internal is lambda let long mod
  namespace native new nil none nonlocal not null object operator or out override package pass print private protected
  public raise register return self short signed sizeof static struct super switch synchronized template this throw
  throws true try typedef typeof undefined union unsafe unsigned until use using var virtual void volatile while with
  yield`;

/** Words that are reserved in a language that specs are compiled to; a field of such a name breaks that target. */
export const RESERVED: ReadonlySet<string> = new Set(WORDS.trim().split(/\s+/));
