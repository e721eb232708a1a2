/** The ratios that the README shows, of the tables in bench/MEASURED.md: rows of a group, by cell and rival. */

/** What is shown. The last one is below 1, as every server is: a bare socket does nothing with what it answers. */
const SHOWN = [
  { group: "codec", cell: "frame decode", rival: "binary-parser", what: "a header of 20 bytes, decoded" },
  { group: "codec", cell: "frame decode", rival: "Kaitai Struct", what: "the same" },
  { group: "kernel", cell: "HMAC-SHA256, 32 B", rival: "hash-wasm", what: "HMAC-SHA256 of 32 bytes" },
  { group: "cipher", cell: "AES-128-CTR, 64 B", rival: "node, KeyObject", what: "AES-128-CTR of 64 bytes" },
  {
    group: "cipher",
    cell: "ChaCha20-Poly1305 seal, 256 B",
    rival: "noble",
    what: "ChaCha20-Poly1305, 256 bytes sealed",
  },
  { group: "raida", cell: "get_ticket of 1, UDP", rival: "node:dgram", what: "a RAIDA server, one ticket a datagram" },
];

const NAMES = { "node, KeyObject": "`node:crypto`", "node:dgram": "a bare `node:dgram`" };

/** The table of the README. @param measured the text of bench/MEASURED.md */
export function ratiosOf(measured) {
  const rows = SHOWN.map(({ group, cell, rival, what }) => {
    const [, block] = measured.split(`<!-- bench:${group} -->`);
    const cells = block
      ?.split(`<!-- /bench:${group} -->`)[0]
      .split("\n")
      .map((line) => line.split("|").map((text) => text.trim()))
      .find((row) => row[1] === cell && row[2] === rival);
    if (cells === undefined) throw new Error(`bench/MEASURED.md has no cell ${cell} against ${rival} in ${group}`);
    return `| ${what} | ${NAMES[rival] ?? rival} | ${cells[5]} | \`npm run bench -- ${group}\` |`;
  });
  return ["| what | against | times as fast | measured by |", "|---|---|--:|---|", ...rows].join("\n");
}
