/** Counters of an endpoint. */

/** What an endpoint has seen since it was made. */
export interface RpcCounters {
  /** Messages that were received and decoded. */
  received: number;
  /** Requests that were handed out. */
  requests: number;
  /** Answers to requests that were handed out. */
  replies: number;
  /** Answers that settled a call. */
  answers: number;
  /** Answers to calls that had settled: late or duplicate. */
  lateAnswers: number;
  /** Answers to nothing that was asked. */
  unknownAnswers: number;
  /** Answers from another link or address than was asked. */
  strayAnswers: number;
  /** Links that were closed because of bytes that are no message. */
  badFrames: number;
  /** Datagrams that are no message, or too long. */
  badDatagrams: number;
  /** Messages without Meta, which only `reference` takes. */
  withoutMeta: number;
  /** Requests that came too fast. */
  limitedRequests: number;
  /** Requests for which there was no room. */
  refusedRequests: number;
  /** Requests that nobody has answered in time. */
  expiredRequests: number;
  /** Datagrams that were not sent because of the anti-amplification limit. */
  suppressed: number;
  /** Links that were refused because too many came from one address prefix. */
  limitedLinks: number;
  /** Links that were closed because they were too slow, or idle. */
  slowLinks: number;
  /** Links that were closed to make room. */
  crowdedLinks: number;
}

/** Counters at zero. */
export function newCounters(): RpcCounters {
  return {
    received: 0,
    requests: 0,
    replies: 0,
    answers: 0,
    lateAnswers: 0,
    unknownAnswers: 0,
    strayAnswers: 0,
    badFrames: 0,
    badDatagrams: 0,
    withoutMeta: 0,
    limitedRequests: 0,
    refusedRequests: 0,
    expiredRequests: 0,
    suppressed: 0,
    limitedLinks: 0,
    slowLinks: 0,
    crowdedLinks: 0,
  };
}
