import type { Limits } from "../../limits/limits.ts";
import { CallError } from "../binding.ts";
import type { CryptoRequest } from "./crypto-request.ts";

/** Largest RSA modulus that a worker may make, in bits. */
export const RSA_GENERATE_BITS = 4_096;
/** Longest key or bits that are made or derived, in bits. */
export const MADE_BITS: number = 8 * 1024 * 1024;

/**
 * Refuses what no worker may do, however much CPU it has.
 * @throws CallError `OperationError`, with the bound
 */
export function requireAllowed({ method, parts }: CryptoRequest, limits: Limits): void {
  const { algorithm, keyAlgorithm } = parts;
  if (algorithm?.name === "PBKDF2" && Number(algorithm["iterations"]) > limits.pbkdf2Iterations)
    refuse(`PBKDF2 may have at most ${limits.pbkdf2Iterations} iterations.`);
  if (method === "generateKey" && Number(algorithm?.["modulusLength"] ?? 0) > RSA_GENERATE_BITS)
    refuse(`RSA keys may be made with at most ${RSA_GENERATE_BITS} bits.`);
  if (method === "generateKey" && algorithm !== undefined && "publicExponent" in algorithm)
    requireExponent(algorithm["publicExponent"]);
  const made = [parts.length, method === "generateKey" && algorithm?.["length"], keyAlgorithm?.["length"]];
  if (made.some((bits) => Number(bits ?? 0) > MADE_BITS))
    refuse(`Keys and derived bits may have at most ${MADE_BITS} bits.`);
}

/**
 * Some exponents make primes so hard to find that an operation would take many times its price; nobody needs any but
 * these two.
 */
function requireExponent(value: unknown): void {
  const digits = value instanceof Uint8Array ? Buffer.from(value).toString("hex").replace(/^0+/, "") : "";
  if (digits !== "3" && digits !== "10001") refuse("The public exponent of an RSA key has to be 3 or 65537.");
}

function refuse(message: string): never {
  throw new CallError("OperationError", message);
}
