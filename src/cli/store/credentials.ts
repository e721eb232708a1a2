/** Who the commands on a store are to etcd, NATS and S3: from the environment, as the tools of each have it. */
import { argumentError, isWireError, WireError } from "../../errors.js";
import type { EtcdUser, TlsCredentials } from "../../protocols/store/etcd/node.js";
import type { NatsAuthentication } from "../../protocols/store/nats/node.js";
import { readFile } from "../input.js";

/** The help of every command that reaches such a store. */
export const CREDENTIALS_HELP = `
Credentials come from the environment and from files that it names, never from URLs or options:
  etcd  ETCDCTL_USER and ETCDCTL_PASSWORD; ETCDCTL_CACERT, ETCDCTL_CERT and ETCDCTL_KEY
  NATS  NATS_USER and NATS_PASSWORD, or NATS_TOKEN, or NATS_NKEY (a file with the seed), or NATS_CREDS (a file);
        NATS_CA, NATS_CERT and NATS_KEY
  S3    AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_PROFILE and what it names`;
/** What `migrate` adds to it. */
export const FROM_CREDENTIALS_HELP = `
  Those of FROM, where they are others, begin with FROM_, for example FROM_NATS_CREDS.`;

/** Variables by name; empty ones count as unset. */
type Variables = (name: string) => string | undefined;

/** The variables of one tool: those of the source, if it has any of its own, else those of all. */
function variablesOf(tool: string, isSource: boolean): Variables {
  const own = `FROM_${tool}`;
  const hasOwn = isSource && Object.keys(process.env).some((name) => name.startsWith(own));
  return (name) => process.env[`${hasOwn ? own : tool}${name}`] || undefined;
}

/** Who the command is to etcd. @throws WireError `argument` for a file that cannot be read, and for half of a pair */
export function etcdCredentials(isSource: boolean): { readonly user?: EtcdUser; readonly tls?: TlsCredentials } {
  const of = variablesOf("ETCDCTL_", isSource);
  const tls = tlsOf(of("CACERT"), of("CERT"), of("KEY"));
  const user = of("USER");
  if (user === undefined) return { ...tls };
  // As etcdctl has it: the password may stand behind the name.
  const colon = user.indexOf(":");
  const name = of("PASSWORD") === undefined && colon >= 0 ? user.slice(0, colon) : user;
  const password = of("PASSWORD") ?? (colon >= 0 ? user.slice(colon + 1) : undefined);
  if (password === undefined) throw argumentError("store", "metadata", "ETCDCTL_PASSWORD with ETCDCTL_USER", "none");
  return { user: { name, password }, ...tls };
}

/** Who the command is to NATS. @throws WireError `argument` */
export function natsCredentials(isSource: boolean): {
  readonly authentication?: NatsAuthentication;
  readonly tls?: TlsCredentials;
} {
  const of = variablesOf("NATS_", isSource);
  const tls = tlsOf(of("CA"), of("CERT"), of("KEY"));
  const [creds, nkey, token, user, password] = [of("CREDS"), of("NKEY"), of("TOKEN"), of("USER"), of("PASSWORD")];
  if (creds !== undefined) return { authentication: { creds: readFile(creds) }, ...tls };
  if (nkey !== undefined) return { authentication: { nkeySeed: readFile(nkey) }, ...tls };
  if (token !== undefined) return { authentication: { token }, ...tls };
  if (user === undefined) return { ...tls };
  if (password === undefined) throw argumentError("store", "chunks", "NATS_PASSWORD with NATS_USER", "none");
  return { authentication: { user, password }, ...tls };
}

/** Who the command is to S3, for the options of its client; undefined leaves it to find that. @throws WireError */
export function s3Credentials(isSource: boolean): Readonly<Record<string, unknown>> {
  if (!isSource || !Object.keys(process.env).some((name) => name.startsWith("FROM_AWS_"))) return {};
  const of = variablesOf("AWS_", true);
  const [accessKeyId, secretAccessKey] = [of("ACCESS_KEY_ID"), of("SECRET_ACCESS_KEY")];
  const [sessionToken, region] = [of("SESSION_TOKEN"), of("REGION")];
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const expected = "FROM_AWS_ACCESS_KEY_ID and FROM_AWS_SECRET_ACCESS_KEY";
    throw argumentError("store", "from-chunks", expected, "one of them, or none");
  }
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  return { credentials, ...(region !== undefined && { region }) };
}

const SAYS: Readonly<Record<string, string>> = {
  store_etcd: "ETCDCTL_USER and ETCDCTL_PASSWORD, or ETCDCTL_CACERT, ETCDCTL_CERT and ETCDCTL_KEY",
  store_nats: "NATS_USER and NATS_PASSWORD, NATS_TOKEN, NATS_NKEY or NATS_CREDS, or NATS_CA, NATS_CERT and NATS_KEY",
  store_s3: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
};

/** The same error; where it is about credentials or certificates, it says where they come from. */
export function withCure(error: unknown): unknown {
  if (!isWireError(error) || !["credentials", "certificate"].includes(error.code)) return error;
  const { code, format, path, actual } = error;
  const says = SAYS[format];
  if (says === undefined) return error;
  return new WireError({ code, format, path, expected: `those that are set by ${says}`, actual }, { cause: error });
}

/** Authorities, certificate and key out of their files. @throws WireError `argument` */
function tlsOf(ca: string | undefined, certificate: string | undefined, key: string | undefined) {
  if (ca === undefined && certificate === undefined && key === undefined) return {};
  return {
    tls: {
      ...(ca !== undefined && { authorities: readFile(ca) }),
      ...(certificate !== undefined && { certificate: readFile(certificate) }),
      ...(key !== undefined && { key: readFile(key) }),
    },
  };
}
