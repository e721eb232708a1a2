/** A live table of servers on a terminal. */

/** One row of the table. */
export interface ServerRow {
  readonly id: number;
  readonly address: string;
  /** Number of coins that the server confirmed last. */
  authentic: number;
  /** The last event of the server, in words. */
  state: string;
}

const REDRAW_MS = 60;
const BAR_WIDTH = 20;
/** Columns of a line without the state of its server. */
const COLUMNS_MIN = 60;

/** What a table needs of a terminal. */
export type Terminal = Pick<NodeJS.WriteStream, "write"> & { readonly rows?: number; readonly columns?: number };

/**
 * Whether a table can be redrawn in place. Where it is longer than the terminal, the cursor does not come back to its
 * first line, and every frame would be added to the last.
 */
export function canShowTable(servers: number, { rows = 0, columns = 0 }: Terminal): boolean {
  // The heading, and the line of the cursor below.
  return process.env["TERM"] !== "dumb" && rows >= servers + 2 && columns >= COLUMNS_MIN;
}

/** A table of servers that is redrawn in place, at most every 60 ms; without colours if NO_COLOR is set. */
export class ServerTable {
  readonly #rows: readonly ServerRow[];
  readonly #coins: number;
  readonly #out: Terminal;
  /** https://no-color.org: any text but an empty one. */
  readonly #isColored = (process.env["NO_COLOR"] ?? "") === "";
  #drawnLines = 0;
  #drawnAtMs = 0;

  constructor(rows: readonly ServerRow[], coins: number, out: Terminal) {
    this.#rows = rows;
    this.#coins = coins;
    this.#out = out;
  }

  /** Draws if the last frame is at least 60 ms old. */
  update(): void {
    if (Date.now() - this.#drawnAtMs >= REDRAW_MS) this.draw();
  }

  draw(): void {
    const lines = ["server  address           authentic coins", ...this.#rows.map((row) => this.#line(row))];
    const up = this.#drawnLines === 0 ? "" : `\u001b[${this.#drawnLines}A`;
    this.#out.write(`${up}${lines.map((line) => `\u001b[2K${line}`).join("\n")}\n`);
    this.#drawnLines = lines.length;
    this.#drawnAtMs = Date.now();
  }

  #line({ id, address, authentic, state }: ServerRow): string {
    const filled = this.#coins === 0 ? BAR_WIDTH : Math.round((authentic / this.#coins) * BAR_WIDTH);
    const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
    const color = authentic === this.#coins ? 32 : 33;
    const shown = this.#isColored ? `\u001b[${color}m${bar}\u001b[0m` : bar;
    const count = `${authentic}/${this.#coins}`.padStart(9);
    // A line that wraps is two, and the cursor would not come back to the first.
    const room = Math.max(0, (this.#out.columns ?? Infinity) - COLUMNS_MIN);
    return `${String(id).padStart(6)}  ${address.padEnd(16)}  ${shown} ${count}  ${state.slice(0, room)}`;
  }
}
