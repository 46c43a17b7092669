import type { Algorithm } from "./crypto-request.ts";

/** What the host remembers of a key besides the key itself: enough to know what using it costs. */
export interface KeyFacts {
  readonly name: string;
  /** Size of the key; for RSA that of its modulus. */
  readonly bits: number;
  /** The curve's name; empty where there is none. */
  readonly curve: string;
  readonly hash: string | undefined;
  readonly exponentBytes: number;
}

/** The facts of a key with this algorithm; `materialBytes` is the size of what it was made of, where that is known. */
export function keyFacts(algorithm: Algorithm, materialBytes: number): KeyFacts {
  const { name, hash, namedCurve, modulusLength, length, publicExponent } = algorithm;
  const curve = typeof namedCurve === "string" ? namedCurve : /^(?:Ed|X)\d/.test(name) ? name : "";
  return {
    name,
    bits: Number(modulusLength ?? length ?? materialBytes * 8),
    curve,
    hash: typeof hash === "string" ? hash : undefined,
    exponentBytes: publicExponent instanceof Uint8Array ? publicExponent.length : 0,
  };
}

/** About what a key takes in the host, in bytes. */
export function keyWeight({ name, bits, curve }: KeyFacts): number {
  if (name.startsWith("RSA")) return 3_072 + bits;
  return curve === "" ? 1_024 + bits / 8 : 4_096;
}
