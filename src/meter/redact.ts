/** Stands in place of what those who watch a worker are not shown. */
export const REDACTED = "REDACTED";

const SECRET_NAME = /^(?:set-)?cookie$|auth|key|secret|token|jwt/i;
const ID = /[\w+-]{21,}/g;

/**
 * Whether a header's value is not shown: cookies, and names that speak of secrets.
 * @see https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/#headers-redaction
 */
export function isSecretHeader(name: string): boolean {
  return SECRET_NAME.test(name);
}

/**
 * A URL without what looks like an id: 32 hexadecimal digits or more, or 21 characters of base64.
 * @see https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/#url-redaction
 */
export function redactUrl(url: string): string {
  return url.replaceAll(ID, (text) => (isHexId(text) || isBase64Id(text) ? REDACTED : text));
}

function isHexId(text: string): boolean {
  return /^[\da-f+_-]+$/i.test(text) && count(text, /[\da-f]/gi) >= 32;
}

function isBase64Id(text: string): boolean {
  return count(text, /[A-Z]/g) >= 2 && count(text, /[a-z]/g) >= 2 && count(text, /\d/g) >= 2;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
