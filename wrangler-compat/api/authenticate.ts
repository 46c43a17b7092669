import { allows, type Control, type Permission, type TokenInfo } from "../../src/index.ts";
import { ApiError, Code } from "./api-error.ts";
import type { UploadSession, UploadSessions } from "./assets/upload-sessions.ts";
import { RateLimit } from "./rate-limit.ts";

/** Wrong tokens that are answered at once, and then each second. */
const WRONG = { burst: 20, perSecond: 1 };
/** Requests of one token: a deploy takes a dozen. */
const RIGHT = { burst: 600, perSecond: 50 };

/** Who asks, by the token that came along. */
export class Authenticator {
  readonly #control: Control;
  readonly #wrong: RateLimit;
  readonly #right: RateLimit;

  /** @param now a monotonic clock for the rates, in ms */
  constructor(control: Control, now?: () => number) {
    this.#control = control;
    this.#wrong = new RateLimit(WRONG.burst, WRONG.perSecond, now);
    this.#right = new RateLimit(RIGHT.burst, RIGHT.perSecond, now);
  }

  /** @throws ApiError 400, 401 or 429 */
  identify(headers: Headers): TokenInfo {
    const token = this.#control.tokens.verify(bearerOf(headers));
    if (token === null)
      throw this.#unknown("Authentication error: the API token is unknown, revoked or expired");
    if (!this.#right.take(token.id)) throw tooMany();
    return token;
  }

  /**
   * Which upload of assets the token that came along is for. It is worth no more than the one with which it was asked for.
   * @throws ApiError 400, 401 or 429
   */
  identifyUpload(headers: Headers, sessions: UploadSessions): UploadSession {
    const session = sessions.find(bearerOf(headers));
    const token = session && this.#control.tokens.inForce(session.token.id);
    if (session === undefined || !token)
      throw this.#unknown(
        "Authentication error: the token of the asset upload is unknown or over; deploy again",
      );
    if (!this.#right.take(token.id)) throw tooMany();
    return session;
  }

  #unknown(message: string): ApiError {
    return this.#wrong.take("") ? new ApiError(401, Code.unauthorized, message) : tooMany();
  }
}

/**
 * Another account looks to a token as one that is not there.
 * @throws ApiError 403 or 404
 */
export function mustAllow(token: TokenInfo, account: string, permission: Permission): void {
  if (allows(token, account, permission)) return;
  if (!token.accounts.includes("*") && !token.accounts.includes(account)) throw noSuchAccount(account);
  throw new ApiError(403, Code.forbidden, `The API token has no permission "${permission}" on this account`);
}

/** What is said of an account that is not there, and of one that a token does not open. */
export function noSuchAccount(account: string): ApiError {
  const shown = JSON.stringify(account.slice(0, 64));
  return new ApiError(404, Code.noRoute, `Could not route to account ${shown}: no such account`);
}

function bearerOf(headers: Headers): string {
  const given = /^Bearer\s+(\S+)\s*$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (given !== undefined) return given;
  throw new ApiError(
    400,
    Code.missingToken,
    "Missing API token: set CLOUDFLARE_API_TOKEN to a token of this host",
  );
}

function tooMany(): ApiError {
  return new ApiError(429, Code.rateLimited, "Too many requests; try again in a few seconds");
}
