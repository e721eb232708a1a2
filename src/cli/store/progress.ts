/** The progress of the commands on a store: one bar on a terminal, a plain line now and then in a pipe. */
import type { StoreProgress } from "../../protocols/store/index.js";
import { progressOn } from "../progress.js";
import { printable } from "./shown.js";

/** Shows how far an operation is. */
export interface ProgressView {
  show(name: string, progress: Omit<StoreProgress, "operation"> & { readonly operation: string }): void;
  /** Makes room for a line. */
  clear(): void;
}

const NO_VIEW: ProgressView = { show() {}, clear() {} };

/** A view on a stream; none without one. */
export async function progressView(stream: NodeJS.WriteStream | undefined): Promise<ProgressView> {
  if (stream === undefined) return NO_VIEW;
  if (!stream.isTTY) return plainView(stream);
  const { default: progressBars } = await import("cli-progress");
  const { Presets, SingleBar } = progressBars;
  const options = { stream, hideCursor: true, clearOnComplete: true, format: "{operation} {bar} {percentage}% {name}" };
  let bar: InstanceType<typeof SingleBar> | undefined;
  return {
    show(name, { operation, doneBytes, totalBytes }) {
      const texts = { operation: operation.padEnd(6), name: printable(name) };
      if (bar === undefined) {
        bar = new SingleBar(options, Presets.shades_classic);
        bar.start(totalBytes, 0, texts);
      }
      bar.setTotal(totalBytes);
      bar.update(doneBytes, texts);
    },
    clear() {
      bar?.stop();
      bar = undefined;
    },
  };
}

/** Files of seconds write nothing: the lines of results are enough. */
function plainView(stream: NodeJS.WriteStream): ProgressView {
  const progress = progressOn(stream);
  return {
    show(name, { operation, doneBytes, totalBytes }) {
      const percent = totalBytes === 0 ? 100 : Math.floor((100 * doneBytes) / totalBytes);
      progress.show(`${operation} ${percent} % ${printable(name)}`);
    },
    clear: () => progress.clear(),
  };
}
