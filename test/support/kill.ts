/** A process that is killed while it works on the files of a disk. */
import type { FaultFiles } from "../../src/testing/index.js";

/**
 * Plays until a call of the file system. @param at the number of that call, or of the next one that changes something
 * @returns the files as the next process finds them: after a kill, or where play ended before that call
 */
export async function killDuring(files: FaultFiles, at: number, play: () => Promise<void>): Promise<FaultFiles> {
  let survivor = files;
  const killed = new Promise<void>((resolve) => {
    files.changed = ({ index }) => {
      if (index < at || survivor !== files) return;
      survivor = files.killed();
      resolve();
    };
  });
  await Promise.race([killed, play()]);
  files.changed = () => {};
  return survivor;
}
