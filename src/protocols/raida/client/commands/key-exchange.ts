/** The client side of key exchange: commands 44 (getEncryptionTicket) and 45 (fixEncryption). */
import type { WireIssue } from "../../../../errors.js";
import {
  CommandGroup,
  encodeEncryptionTicketRequest,
  encodeEncryptionTicketRequestQmail,
  encodeEncryptionTicketRequestWest,
  encodeFixEncryptionRequest,
  encodeFixEncryptionRequestQmail,
  encodeFixEncryptionRequestWest,
  KEY_RECORD_DEFAULTS,
  KeyExchangeCommand,
  KeyVerdict,
  Status,
  tryDecodeEncryptionTicketReply,
  tryDecodeFixEncryptionReply,
  tryDecodeFixEncryptionReplyQmail,
} from "../../../../codec/gen/raida/index.js";
import {
  checkInteger,
  checkName,
  countOf,
  map,
  miscounted,
  none,
  refuse,
  unexpected,
  type ClientCommand,
} from "./command.js";

const DIALECTS: readonly unknown[] = [undefined, "c-server", "west", "qmail"];

function checkDialect(dialect: unknown): void {
  if (!DIALECTS.includes(dialect)) refuse("dialect", "c-server, west or qmail");
}

/** Statuses of success of a helper: 0 by the C server, 1 by the protocol's pages, 250 by another client. */
const TICKET_STATUSES: ReadonlySet<number> = new Set([Status.noError, Status.errorCloudDisabled, Status.success]);

export const getEncryptionTicket: ClientCommand<"getEncryptionTicket"> = {
  group: CommandGroup.keyExchange,
  number: KeyExchangeCommand.getEncryptionTicket,
  modern: "never",
  isClear: true,
  isIdempotent: true,
  count: none,
  check({ dialect, brokenId, proof, denomination, serial }) {
    checkDialect(dialect);
    checkName({ denomination, serial });
    if (dialect === "qmail" && !Number.isInteger(brokenId)) refuse("brokenId", "a server");
    if (dialect !== "west") return;
    if (typeof proof !== "object" || proof === null) refuse("proof", "a coin");
    checkName(proof, "proof.");
  },
  body({ dialect, brokenId, proof, ...fields }, challenge) {
    if (dialect === "qmail") return encodeEncryptionTicketRequestQmail({ challenge, ...fields, brokenId: brokenId! });
    if (dialect === "west") return encodeEncryptionTicketRequestWest({ challenge, ...fields, proof: proof! });
    return encodeEncryptionTicketRequest({ challenge, ...fields });
  },
  reply: (request, answer) =>
    TICKET_STATUSES.has(answer.status) ? tryDecodeEncryptionTicketReply(answer.body) : unexpected(request, answer),
};

export const fixEncryption: ClientCommand<"fixEncryption"> = {
  group: CommandGroup.keyExchange,
  number: KeyExchangeCommand.fixEncryption,
  modern: "never",
  isClear: true,
  isIdempotent: true,
  count: ({ halves }) => countOf("halves", halves),
  check({ halves, dialect, denomination, serial }) {
    checkDialect(dialect);
    checkName({ denomination, serial });
    halves.forEach(({ part, helperId }, i) => {
      checkInteger(part, `halves[${i}].part`);
      checkInteger(helperId, `halves[${i}].helperId`);
    });
  },
  body({ denomination, serial, halves, dialect }, challenge, _, { coinId }) {
    const coin = { challenge, denomination, serial };
    if (dialect === "qmail") return encodeFixEncryptionRequestQmail({ ...coin, records: [...halves] });
    const records = halves.map((half) => ({ ...KEY_RECORD_DEFAULTS, ...half, coinId, denomination, serial }));
    if (dialect === "west") return encodeFixEncryptionRequestWest({ ...coin, records });
    return encodeFixEncryptionRequest({ ...coin, records });
  },
  reply(request, answer) {
    const { status, body } = answer;
    const { halves, dialect } = request;
    if (status !== Status.success) return unexpected(request, answer);
    const read = dialect === "qmail" ? tryDecodeFixEncryptionReplyQmail(body) : tryDecodeFixEncryptionReply(body);
    // The C server looks for one more record behind the last, and sends a verdict on it too.
    const expected = halves.length + (dialect === undefined || dialect === "c-server" ? 1 : 0);
    const wrong: { ok: false; error: WireIssue } | undefined =
      read.ok && read.value.verdicts.length !== expected
        ? miscounted(request, expected, read.value.verdicts.length)
        : undefined;
    return (
      wrong ??
      map(read, ({ verdicts }) => ({
        accepted: verdicts.slice(0, halves.length).map((verdict) => verdict === KeyVerdict.accepted),
      }))
    );
  },
};
