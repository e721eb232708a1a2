/** Turns the medians of the processes into a table with verdicts. */
import { oursOf, rivalsOf } from "./cell.mjs";
import { CONTROL } from "./measure.mjs";

/** A rival against itself may differ by so much. */
export const CONTROL_LOW = 0.87;
export const CONTROL_HIGH = 1.15;

/**
 * @param {import("./cell.mjs").Cell[]} cells
 * @param {Record<string, Record<string, number>>[]} processes medians in ns, by cell and candidate
 * @param {Record<string, Record<string, { must: number, stretch: number }>>} gates by cell and rival
 * @param {import("./subject.mjs").Subject} subject
 */
export function summarise(cells, processes, gates, subject) {
  const rows = cells.flatMap((cell) => {
    const ours = oursOf(cell).name;
    const best = (name) => Math.min(...processes.map((medians) => medians[cell.name][name]));
    return rivalsOf(cell).map(({ name: rival }) => {
      const ratio = best(rival) / best(ours);
      const { must, stretch } = gates[cell.name]?.[rival] ?? {};
      const exempt = cell.exempt?.[rival];
      const { name, each } = cell;
      return { cell: name, rival, oursNs: best(ours), rivalNs: best(rival), each, ratio, must, stretch, exempt };
    });
  });
  const controls = cells.map((cell) => {
    const best = (name) => Math.min(...processes.map((medians) => medians[cell.name][name]));
    const ratio = best(CONTROL) / best(rivalsOf(cell)[0].name);
    return { cell: cell.name, ratio, steady: ratio >= CONTROL_LOW && ratio <= CONTROL_HIGH };
  });
  return {
    subject,
    processes: processes.length,
    conclusive: controls.every(({ steady }) => steady),
    rows: rows.map((row) => ({ ...row, verdict: verdictOf(row) })),
    controls,
  };
}

function verdictOf({ ratio, must, stretch, exempt }) {
  if (must === undefined) return "";
  if (exempt !== undefined) return `n/a: ${exempt}`;
  if (ratio < must) return "MISSED";
  return ratio < stretch ? "must" : "stretch";
}

/** Gates without a cell: a renamed cell must not lose its gate. */
export function orphanGates(cells, gates) {
  return Object.entries(gates).flatMap(([name, rivals]) => {
    const cell = cells.find((each) => each.name === name);
    const known = cell === undefined ? [] : [...rivalsOf(cell).map((rival) => rival.name), ...(cell.absent ?? [])];
    return Object.keys(rivals).flatMap((rival) => (known.includes(rival) ? [] : [`${name} / ${rival}`]));
  });
}

/** The summary as a table for terminals and Markdown. */
export function toTable({ subject, processes, rows, controls, conclusive }) {
  // A group with many operations per exchange reports operations per second.
  const isRate = rows.every(({ each }) => each !== undefined);
  const unit = isRate ? "/s" : "ns";
  const figure = ({ each }, ns) => (isRate ? String(Math.round((each * 1e9) / ns)) : shorten(ns));
  const header = ["cell", "rival", `ours ${unit}`, `rival ${unit}`, "ratio", "must", "stretch", "verdict"];
  const body = rows.map((row) => [
    row.cell,
    row.rival,
    figure(row, row.oursNs),
    figure(row, row.rivalNs),
    row.ratio.toFixed(2),
    String(row.must ?? ""),
    String(row.stretch ?? ""),
    row.verdict,
  ]);
  const widths = header.map((title, column) => Math.max(...[header, ...body].map((row) => row[column].length)));
  const isText = (column) => column < 2 || column === header.length - 1;
  const line = (row) =>
    `| ${row.map((text, i) => (isText(i) ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join(" | ")} |`;
  const rule = `| ${widths.map((width, i) => (isText(i) ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  const spread = controls.map(({ ratio }) => ratio);
  const control = `control ${Math.min(...spread).toFixed(2)} to ${Math.max(...spread).toFixed(2)}`;
  const outcome = conclusive ? "" : ": inconclusive, the machine is too noisy";
  return [
    line(header),
    rule,
    ...body.map(line),
    "",
    `${describe(subject)}; best of ${processes} processes, ${control}${outcome}`,
  ].join("\n");
}

/** The subject of a table, on one line. */
export function describe({ version, commit, build, node, cpu }) {
  return `specwire ${version} (${commit === undefined ? "" : `commit ${commit}, `}${build}), Node ${node}, ${cpu}`;
}

function shorten(ns) {
  return ns < 100 ? ns.toFixed(1) : String(Math.round(ns));
}
