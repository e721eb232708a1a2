/** The progress display of the commands on a wallet. */
import type { Options, Preset, SingleBar } from "cli-progress";
import { RAIDA_COUNT } from "../../protocols/raida/index.js";
import type { WalletProgress } from "../../protocols/raida/node.js";

/** Shows the progress of a call on a wallet. */
export interface WalletView {
  progress(progress: WalletProgress): void;
  stop(): void;
}

/** Shows nothing, for `--json`. */
export const NO_VIEW: WalletView = { progress() {}, stop() {} };

/** One line for each server that denies coins, healed some, or did not answer. */
export function plainView(say: (line: string) => void): WalletView {
  return {
    progress({ phase, server, coins, of, error }) {
      if (error !== undefined) say(`${phase}: server ${server} did not answer: ${error.code}`);
      else if (phase === "find") say(`find: server ${server} knows ${coins} of ${of} coins`);
      else if (phase === "fix") say(`fix: server ${server} has healed ${coins} of ${of} coins`);
      else if (coins < of && phase !== "tickets") say(`${phase}: server ${server} denies ${of - coins} of ${of} coins`);
    },
    stop() {},
  };
}

/** One bar per phase. */
export async function liveView(stream: NodeJS.WriteStream): Promise<WalletView> {
  const { default: progressBars } = await import("cli-progress");
  const { MultiBar, Presets } = progressBars;
  const options: Options = { stream, hideCursor: true, format: "{phase} {bar} {value}/{total} servers{note}" };
  const preset: Preset = Presets.shades_classic;
  return new Bars(new MultiBar(options, preset));
}

interface Bar {
  readonly bar: SingleBar;
  /** Servers that answered or failed. */
  readonly heard: Set<number>;
  silent: number;
}

class Bars implements WalletView {
  readonly #bars: { create(total: number, value: number, payload: object): SingleBar; stop(): void };
  /** The last progress of each phase. */
  readonly #byPhase = new Map<WalletProgress["phase"], Bar>();
  /** By server: whether it confirmed any coin last, and whether it denied any. */
  readonly #holds = new Set<number>();
  readonly #lacks = new Set<number>();

  constructor(bars: { create(total: number, value: number, payload: object): SingleBar; stop(): void }) {
    this.#bars = bars;
  }

  progress(progress: WalletProgress): void {
    const { phase, server, coins, of, error } = progress;
    if (phase === "detect" && error === undefined) {
      note(this.#holds, server, coins > 0);
      note(this.#lacks, server, coins < of);
    }
    const one = this.#barOf(phase, server);
    one.heard.add(server);
    if (error !== undefined) one.silent++;
    const text = one.silent === 0 ? "" : `, ${one.silent} did not answer`;
    one.bar.update(one.heard.size, { note: text });
  }

  stop(): void {
    // Servers without a request do not count as missing.
    for (const { bar, heard } of this.#byPhase.values()) bar.setTotal(heard.size);
    this.#bars.stop();
  }

  /** A second answer of a server in a phase restarts the bar of that phase. */
  #barOf(phase: WalletProgress["phase"], server: number): Bar {
    const known = this.#byPhase.get(phase);
    if (known !== undefined && !known.heard.has(server)) return known;
    known?.bar.setTotal(known.heard.size);
    const bar = this.#bars.create(this.#expected(phase), 0, { phase: phase.padEnd(7), note: "" });
    const one = { bar, heard: new Set<number>(), silent: 0 };
    this.#byPhase.set(phase, one);
    return one;
  }

  #expected(phase: WalletProgress["phase"]): number {
    if (phase === "fix") return this.#lacks.size;
    return phase === "tickets" ? this.#holds.size : RAIDA_COUNT;
  }
}

function note(servers: Set<number>, server: number, isIn: boolean): void {
  if (isIn) servers.add(server);
  else servers.delete(server);
}
