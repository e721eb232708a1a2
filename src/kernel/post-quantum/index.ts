/**
 * ML-KEM-1024 and ML-DSA-87. They are apart from the other kernels, because their import brings 60 KB of lattices: load
 * this module when a call needs it.
 */
export {
  mlKem1024Decapsulate,
  mlKem1024Encapsulate,
  mlKem1024KeyPair,
  ML_KEM_1024_BYTES,
  type MlKemEncapsulation,
} from "./ml-kem-1024.js";
export { mlDsa87KeyPair, mlDsa87Sign, mlDsa87Verify, ML_DSA_87_BYTES } from "./ml-dsa-87.js";
