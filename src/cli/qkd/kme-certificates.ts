/** Certificates of a pair of development KMEs: its authority, servers and clients, and bad ones to try. */
import type { KmeIds } from "../../protocols/qkd/kme/pair.js";
import type {
  KmeCertificateOptions,
  KmeCertificates,
  KmeCredentials,
  SaeCredentials,
} from "../../protocols/qkd/kme/credentials.js";
import { newAuthority } from "../certificates.js";

/** Makes all of them on the spot. */
export async function makeKmeCertificates({ ids, hosts, days = 1 }: KmeCertificateOptions): Promise<KmeCertificates> {
  const [authority, other] = [await newAuthority("Development KMEs", days), await newAuthority("Somebody else", days)];
  const isAddress = (host: string): boolean => /^[\d.]+$|:/.test(host);
  const names = { dns: hosts.filter((host) => !isAddress(host)), ip: hosts.filter(isAddress) };
  const serverOf = ({ kmeId }: KmeIds): Promise<KmeCredentials> =>
    authority.issue({ commonName: kmeId, ...names, days: [-1, days], usage: "server" });
  const saeOf = async ({ saeId }: KmeIds): Promise<SaeCredentials> => {
    const subject = { commonName: saeId, days: [-1, days], usage: "client" } as const;
    return {
      good: await authority.issue(subject),
      reissued: await authority.issue(subject),
      expired: await authority.issue({ ...subject, days: [-2, -1] }),
      rogue: await other.issue(subject),
    };
  };
  return {
    authority: authority.certificate,
    otherAuthority: other.certificate,
    servers: [await serverOf(ids[0]), await serverOf(ids[1])],
    saes: [await saeOf(ids[0]), await saeOf(ids[1])],
    stranger: await authority.issue({ commonName: "stranger", days: [-1, days], usage: "client" }),
  };
}
