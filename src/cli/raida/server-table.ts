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

/** A table of servers that is redrawn in place, at most every 60 ms. */
export class ServerTable {
  readonly #rows: readonly ServerRow[];
  readonly #coins: number;
  readonly #out: NodeJS.WriteStream;
  #drawnLines = 0;
  #drawnAtMs = 0;

  constructor(rows: readonly ServerRow[], coins: number, out: NodeJS.WriteStream) {
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
    const count = `${authentic}/${this.#coins}`.padStart(9);
    return `${String(id).padStart(6)}  ${address.padEnd(16)}  \u001b[${color}m${bar}\u001b[0m ${count}  ${state}`;
  }
}
