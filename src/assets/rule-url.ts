const ABSOLUTE = /^https:\/\/+([^/]+)\/?(.*)/;

/** What a rule may name. */
export interface RuleUrlOptions {
  readonly relativeOnly?: boolean;
  readonly noPort?: boolean;
  /** Keeps query and fragment. */
  readonly whole?: boolean;
}

/** A path or `https` URL of a rule in its canonical form, or what is wrong with it. */
export function readRuleUrl(
  token: string,
  { relativeOnly = false, noPort = false, whole = false }: RuleUrlOptions,
): { readonly url: string } | { readonly problem: string } {
  const absolute = ABSOLUTE.exec(token);
  if (absolute !== null) {
    const [, host = "", rest = ""] = absolute;
    if (relativeOnly) return { problem: `only paths are allowed here, and ${token} is a whole URL` };
    if (noPort && /:\d+$/.test(host)) return { problem: `a port cannot be given: ${token}` };
    const path = canonical(`/${rest}`, whole);
    return path === null ? { problem: `${token} is no URL` } : { url: `https://${host}${path}` };
  }
  const relative = relativeOnly && !token.startsWith("/") ? `/${token}` : token;
  if (!relative.startsWith("/"))
    return { problem: `${token} must begin with "/"${relativeOnly ? "" : ' or "https://"'}` };
  const path = canonical(relative, whole);
  return path === null ? { problem: `${token} is no path` } : { url: path };
}

/** Whether a URL of a rule leads to a host. */
export function isAbsoluteUrl(url: string): boolean {
  return ABSOLUTE.test(url);
}

/** A path as URLs have it: encoded, without dot segments. Not of a web scheme, so that `\` stays. */
function canonical(path: string, whole: boolean): string | null {
  const url = URL.parse(`rule://host${path}`);
  if (url === null) return null;
  return whole ? `${url.pathname}${url.search}${url.hash}` : url.pathname;
}
