/** Certificates for tests of transports, made as the program makes them. */
export {
  newAuthority,
  selfSigned,
  type Authority,
  type Credentials,
  type Subject,
} from "../../src/cli/certificates.js";
