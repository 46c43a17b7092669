import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** What a token says. */
export interface Claims {
  /** Seconds since the epoch. */
  readonly exp: number;
  readonly [claim: string]: unknown;
}

const HEADER = encode({ alg: "HS256", typ: "JWT" });
/** Longer ones are of somebody else. */
const MOST_CHARS = 2_048;

/**
 * Signs and checks JSON Web Tokens with a key that nobody else has, and that goes with the process.
 * @see RFC 7519; RFC 7515 with the one algorithm HS256
 */
export class TokenSigner {
  readonly #key = randomBytes(32);

  sign(claims: Claims): string {
    const signed = `${HEADER}.${encode(claims)}`;
    return `${signed}.${this.#mac(signed)}`;
  }

  /** What a token of this signer says, if it is not over; else null. @param nowMs since the epoch */
  verify(token: string, nowMs: number): Claims | null {
    if (token.length > MOST_CHARS) return null;
    const [header, payload, mac, ...more] = token.split(".");
    if (header !== HEADER || payload === undefined || mac === undefined || more.length > 0) return null;
    const expected = Buffer.from(this.#mac(`${header}.${payload}`));
    const given = Buffer.from(mac);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Claims;
    return claims.exp * 1_000 > nowMs ? claims : null;
  }

  #mac(signed: string): string {
    return createHmac("sha256", this.#key).update(signed).digest("base64url");
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
