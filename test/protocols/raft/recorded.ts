/** What the test of claims expects of these formats; no recordings of them exist. */
import type { ProtocolRecordings } from "../../support/recorded/piece.js";

export const recordings: ProtocolRecordings = {
  vectors: [],
  expected: {
    pieces: {},
    undescribed: {},
    accepted: { raft_kv_item: 0.38 },
    claims: {
      raft_admin_body: 4,
      "raft_admin_body, bigint": 4,
      raft_answer_body: 4,
      "raft_answer_body, bigint": 4,
      raft_backups_record: 4,
      raft_kv_item: 4,
      raft_kv_request: 4,
      raft_log_entry: 4,
      "raft_log_entry, bigint": 4,
      raft_snapshot_body: 4,
      "raft_snapshot_body, bigint": 4,
      raft_snapshot_head: 4,
      "raft_snapshot_head, bigint": 4,
      raft_start_record: 4,
      "raft_start_record, bigint": 4,
    },
  },
};
