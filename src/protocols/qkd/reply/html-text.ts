/** The words of an HTML page: its title and its first paragraph. */

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  "#39": "'",
  "#x27": "'",
  "#34": '"',
};

/** The title and the first paragraph of a page, or all of its text where it has neither. */
export function htmlText(page: string): string {
  const title = contentOf(page, "title");
  const paragraph = contentOf(page, "p");
  const parts = [title, paragraph].filter((part) => part !== undefined && part !== "");
  return parts.length > 0 ? parts.join(": ") : withoutTags(page);
}

/** The text of the first element of a name, which ends with its end tag, another paragraph or the page. */
function contentOf(page: string, name: string): string | undefined {
  const lower = page.toLowerCase();
  let at = -1;
  do {
    at = lower.indexOf(`<${name}`, at + 1);
    if (at < 0) return undefined;
    // `<p` begins `<pre>` as well.
  } while (!/[\s>]/.test(lower.charAt(at + name.length + 1)));
  const start = lower.indexOf(">", at);
  if (start < 0) return undefined;
  const end = lower.indexOf(`</${name}`, start);
  return withoutTags(page.slice(start + 1, end < 0 ? undefined : end));
}

function withoutTags(text: string): string {
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const tag = text.indexOf("<", at);
    plain += text.slice(at, tag < 0 ? undefined : tag);
    if (tag < 0) break;
    const end = text.indexOf(">", tag);
    if (end < 0) break;
    plain += " ";
    at = end + 1;
  }
  const words = plain.replace(/&(#?\w{1,8});/g, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole);
  return words.replace(/\s+/g, " ").trim();
}
