/** What a client measures, for whatever collects metrics. Without IDs of keys and SAEs. */

/** The metrics by their names: what ends in `_total` is added up, the others are set or observed. */
export const QKD_METRICS = [
  "qkd_requests_total",
  "qkd_request_duration_ms",
  "qkd_retries_total",
  "qkd_keys_delivered_total",
  "qkd_key_bytes_total",
  "qkd_undelivered_keys",
  "qkd_breaker_state",
  "qkd_cache_size",
  "qkd_keys_expired_total",
] as const;

/** One measurement. */
export interface QkdMetric {
  readonly name: (typeof QKD_METRICS)[number];
  readonly value: number;
  /** `kme` (its URL), `op`, `outcome` (`ok` or a reason), `reason`. */
  readonly labels: Readonly<Record<string, string>>;
}
