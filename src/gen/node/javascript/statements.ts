/** Emitted TypeScript, statement after statement: its text is laid out so that each begins a line. */

const STATEMENT = /^(?:export|import|function|const|class|interface|type) /;

/** A statement with the comment in front of it, both with their line breaks. */
export interface Statement {
  readonly doc: string;
  readonly text: string;
}

/** The statements of an emitted module, comments that stand alone included. */
export function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  let [doc, body] = ["", ""];
  const close = (): void => {
    if (body !== "") statements.push({ doc, text: body });
    if (body !== "") doc = "";
    body = "";
  };
  let inComment = false;
  for (const line of text.split("\n")) {
    const opens = line.startsWith("/**");
    if (opens || STATEMENT.test(line)) close();
    if (opens || inComment || line.startsWith("//")) {
      doc += `${line}\n`;
      inComment = (opens || inComment) && !line.includes("*/");
    } else if (line !== "") body += `${line}\n`;
  }
  close();
  return doc === "" ? statements : [...statements, { doc, text: "" }];
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** The place behind what begins at `at`: a text, a comment, all that brackets hold, otherwise one character. */
export function behind(code: string, at: number): number {
  const first = code[at];
  if (first === undefined) throw new TypeError("the code ends inside of something");
  if (first === '"' || first === "'" || first === "`") {
    let end = at + 1;
    while (code[end] !== first && end < code.length) end += code[end] === "\\" ? 2 : 1;
    return end + 1;
  }
  if (code.startsWith("/*", at)) return code.indexOf("*/", at) + 2;
  if (code.startsWith("//", at)) return code.indexOf("\n", at);
  const close = CLOSING[first];
  if (close === undefined) return at + 1;
  let end = at + 1;
  while (code[end] !== close) end = behind(code, end);
  return end + 1;
}

/** The places of characters that stand in no brackets, texts or comments. */
export function placesOf(code: string, isMeant: (character: string) => boolean): number[] {
  const places: number[] = [];
  for (let at = 0; at < code.length; at = behind(code, at)) if (isMeant(code[at]!)) places.push(at);
  return places;
}
