/** Texts as JSON, to the byte as other writers have them. */

const ESCAPED = /[<>&\u2028\u2029]/g;

/** A text as JSON, with the escapes of Go's encoding/json, which also hides what means something in HTML. */
export function jsonText(text: string): string {
  return JSON.stringify(text).replace(ESCAPED, escape);
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
