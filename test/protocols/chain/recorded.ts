/** What the test of claims expects of these formats; no recordings of them exist. */
import type { ProtocolRecordings } from "../../support/recorded/piece.js";

export const recordings: ProtocolRecordings = {
  vectors: [],
  expected: {
    pieces: {},
    undescribed: {},
    claims: {
      chain_backup_note: 4,
    },
  },
};
