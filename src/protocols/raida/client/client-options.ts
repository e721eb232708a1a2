/** Checks of the options of a client, whose callers may have no types. */
import { argumentError } from "../../../errors.js";
import { RAIDA_COUNT } from "../protocol.js";
import { areServerKinds } from "../server-kinds.js";
import { checkEncryption, type RaidaEncryption } from "./encryption-choice.js";

const isTime = (value: unknown): boolean => typeof value === "number" && value >= 0;
const isWithin = (least: number, most: number) => (value: unknown) =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
const isOneOf =
  (...names: readonly string[]) =>
  (value: unknown) =>
    typeof value === "string" && names.includes(value);

/** By option of a client: the test of its value, and what an error message expects. */
const FORMS: readonly (readonly [string, (value: unknown) => boolean, string])[] = [
  ["coinId", isWithin(0, 0xffff), "0 to 65535"],
  ["kinds", areServerKinds, "c-server, specwire, or a list of these by server"],
  ["fixersMax", isWithin(1, RAIDA_COUNT), `1 to ${RAIDA_COUNT}`],
  ["maxConnects", (value) => typeof value === "number" && value >= 1, "at least 1"],
  ["transport", isOneOf("auto", "tcp", "udp"), "auto, tcp or udp"],
  ["type45Layout", isOneOf("c-server", "natural"), "c-server or natural"],
  ["replyCounter", isOneOf("restart", "continue", "auto"), "restart, continue or auto"],
  ["readsType5", (value) => typeof value === "boolean", "true or false"],
  ["keyExchangeGroup", isWithin(0, 15), "0 to 15"],
  ["requestTimeoutMs", isTime, "a time"],
  ["encryptionHealth", isHealth, "an object of times and counts"],
];

/** The options that are checked by hand. */
interface ClientOptions {
  readonly servers?: unknown;
  readonly encryption?: RaidaEncryption;
}

/** @throws WireError `argument` for another number of servers than 25, or an invalid option */
export function checkClientOptions(options: object): void {
  if (typeof options !== "object" || options === null) throw argumentError("raida", "", "an object");
  const { servers, encryption, ...others }: ClientOptions = options;
  if (!Array.isArray(servers) || servers.length !== RAIDA_COUNT) {
    throw argumentError(
      "raida",
      "servers",
      `${RAIDA_COUNT} servers`,
      Array.isArray(servers) ? `${servers.length}` : typeof servers,
    );
  }
  servers.forEach((server: unknown, id) => {
    if (typeof server !== "string") throw argumentError("raida", `servers[${id}]`, "host:port", typeof server);
  });
  for (const [name, isSound, expected] of FORMS) {
    const value = (others as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && !isSound(value)) throw argumentError("raida", name, expected, typeof value);
  }
  if (encryption !== undefined) checkEncryption(encryption);
}

function isHealth(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).every((one) => one === undefined || isTime(one));
}
