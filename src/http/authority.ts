/** How many hosts are remembered; beyond that the memory starts again. And the longest: a name has 253 characters. */
const REMEMBERED = 1_000;
const MEMORABLE_CHARS = 300;
const PLAIN_AUTHORITY = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

const known = new Map<string, string | null>();

/**
 * The authority of a URL in normal form (lower case, default port left out), from a `Host` header.
 *
 * @returns null where the text is no host that a URL could hold.
 */
export function normalizeAuthority(scheme: string, host: string): string | null {
  const key = `${scheme}://${host}`;
  const remembered = known.get(key);
  if (remembered !== undefined) return remembered;
  const authority = PLAIN_AUTHORITY.test(host) ? (URL.parse(key)?.host ?? null) : null;
  if (key.length > MEMORABLE_CHARS) return authority;
  if (known.size >= REMEMBERED) known.clear();
  known.set(key, authority);
  return authority;
}
