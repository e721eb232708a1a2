/** What has changed since an earlier measurement. */
import { CONTROL_HIGH, CONTROL_LOW } from "./report.mjs";

/** A table of the ratios of two runs; a change that a control could show as well counts as the same. */
export function toComparison(before, now) {
  const rows = now.rows.map(({ cell, rival, ratio }) => {
    const old = before.rows.find((row) => row.cell === cell && row.rival === rival);
    if (old === undefined) return [cell, rival, "", ratio.toFixed(2), "", "new"];
    const change = ratio / old.ratio;
    return [cell, rival, old.ratio.toFixed(2), ratio.toFixed(2), change.toFixed(2), verdictOf(change)];
  });
  const header = ["cell", "rival", "ratio before", "ratio now", "change", "verdict"];
  const widths = header.map((title, column) => Math.max(...[header, ...rows].map((row) => row[column].length)));
  const line = (row) => `| ${row.map((text, column) => text.padEnd(widths[column])).join(" | ")} |`;
  return [line(header), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)].join("\n");
}

function verdictOf(change) {
  if (change < CONTROL_LOW) return "slower";
  return change > CONTROL_HIGH ? "faster" : "same";
}

/** The rows of a summary as lines of comma-separated values, without a header. */
export function toCsv(group, { subject, rows }) {
  return rows.map(({ cell, rival, oursNs, rivalNs, ratio, must, stretch, verdict }) =>
    [group, cell, rival, oursNs, rivalNs, ratio, must, stretch, verdict, subject.commit, subject.node, subject.cpu]
      .map((value) => quoted(value ?? ""))
      .join(","),
  );
}

/** The names of the columns of {@link toCsv}. */
export const CSV_HEADER = "group,cell,rival,oursNs,rivalNs,ratio,must,stretch,verdict,commit,node,cpu";

function quoted(value) {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
