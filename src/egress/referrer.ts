import { EgressError } from "./egress-error.ts";

/** Where a request says that it comes from, and how much of it each origin may see. */
export interface Referrer {
  readonly url: URL;
  readonly policy: string;
}

const POLICIES: ReadonlySet<string> = new Set([
  "",
  "no-referrer",
  "no-referrer-when-downgrade",
  "same-origin",
  "origin",
  "strict-origin",
  "origin-when-cross-origin",
  "strict-origin-when-cross-origin",
  "unsafe-url",
]);
/** Longer ones are cut to their origin: Referrer Policy, 8.3. */
const MAX_CHARS = 4_096;

/**
 * Reads what a `fetch` call says of its referrer; null if it names none that could be sent.
 * @throws {EgressError} for a malformed call
 */
export function readReferrer(url: unknown = "", policy: unknown = ""): Referrer | null {
  if (typeof url !== "string" || typeof policy !== "string" || !POLICIES.has(policy))
    throw new EgressError("TypeError", "Cannot fetch: malformed referrer");
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== "http:" && parsed.protocol !== "https:")) return null;
  parsed.username = parsed.password = parsed.hash = "";
  return { url: parsed, policy };
}

/** The value of `Referer` for a request to a URL; null for none. Referrer Policy, 8.3. */
export function refererFor({ url, policy }: Referrer, target: URL): string | null {
  const origin = `${url.origin}/`;
  const full = url.href.length > MAX_CHARS ? origin : url.href;
  const isSame = url.origin === target.origin;
  const isDowngrade = url.protocol === "https:" && target.protocol === "http:";
  switch (policy) {
    case "no-referrer":
      return null;
    case "origin":
      return origin;
    case "unsafe-url":
      return full;
    case "strict-origin":
      return isDowngrade ? null : origin;
    case "same-origin":
      return isSame ? full : null;
    case "origin-when-cross-origin":
      return isSame ? full : origin;
    case "no-referrer-when-downgrade":
      return isDowngrade ? null : full;
    default:
      return isSame ? full : isDowngrade ? null : origin;
  }
}
