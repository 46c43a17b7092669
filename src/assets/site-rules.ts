import { Effort } from "./effort.ts";
import { CHARS_PER_STEP } from "./find-literal.ts";
import type { Manifest } from "./manifest.ts";
import { parseHeaders } from "./parse-headers.ts";
import { parseRedirects, type RedirectRule } from "./parse-redirects.ts";
import { type Captures, fillIn, RulePattern } from "./rule-pattern.ts";

/** Headers, as names in lower case and values, in their order. */
export type AnswerHeaders = (readonly [name: string, value: string])[];

/** Where a request goes by the rules of a site: elsewhere, or to the answer of another path. */
export type Redirected =
  | { readonly status: number; readonly location: string }
  | { readonly status: 200; readonly pathname: string };

/**
 * What matching the rules of a site may take for one request: some 20 ms at most. A path of 4 KB fits, against as many
 * rules with `*` as a site may have.
 */
const STEPS = 200_000;
/** Headers that are looked through, and characters of a value, for one step. */
const HEADERS_PER_STEP = 16;
const VALUE_CHARS_PER_STEP = 8;

interface CompiledHeaders {
  readonly pattern: RulePattern;
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly unset: readonly string[];
}

/** `_headers` and `_redirects` of a version, ready to be applied. */
export class SiteRules {
  readonly #headers: readonly CompiledHeaders[];
  readonly #fixed: ReadonlyMap<string, RedirectRule>;
  readonly #dynamic: readonly { readonly pattern: RulePattern; readonly rule: RedirectRule }[];

  constructor({ facts: { config } }: Manifest) {
    const { headers = "", redirects = "", htmlHandling = "auto-trailing-slash" } = config;
    this.#headers = parseHeaders(headers).rules.flatMap(({ path, set, unset }) => {
      const pattern = RulePattern.parse(path);
      return pattern === null ? [] : [{ pattern, set, unset }];
    });
    const { fixed, dynamic } = parseRedirects(redirects, htmlHandling);
    this.#fixed = fixed;
    this.#dynamic = dynamic.flatMap((rule) => {
      const pattern = RulePattern.parse(rule.from);
      return pattern === null ? [] : [{ pattern, rule }];
    });
  }

  /** What one request may take. */
  static effort(): Effort {
    return new Effort(STEPS);
  }

  /** Where a request goes, or null. @throws EffortSpent */
  redirect(url: URL, effort: Effort): Redirected | null {
    const rule = this.#fixed.get(url.pathname);
    if (rule !== undefined) return leadTo(rule.to, rule.status, url);
    for (const { pattern, rule: dynamic } of this.#dynamic) {
      const captures = pattern.match(url.pathname, effort);
      if (captures === null) continue;
      effort.spend(fillingSteps(dynamic.to, captures));
      const to = fillIn(dynamic.to, captures);
      if (to === null) return null;
      // Two slashes at the beginning would lead to another host.
      return leadTo(/^\w+:\/\//.test(to) ? to : to.replaceAll(/\/+/g, "/"), dynamic.status, url);
    }
    return null;
  }

  /** The headers of an answer after the rules for its path. @throws EffortSpent */
  apply(url: URL, headers: AnswerHeaders, effort: Effort): AnswerHeaders {
    if (this.#headers.length === 0) return headers;
    let kept = headers;
    let added: AnswerHeaders = [];
    const ours = new Set<string>();
    for (const { pattern, set, unset } of this.#headers) {
      const text = pattern.isAbsolute ? `https://${url.hostname}${url.pathname}` : url.pathname;
      const captures = pattern.match(text, effort);
      if (captures === null) continue;
      effort.spend(((kept.length + added.length) * unset.length) / HEADERS_PER_STEP);
      if (unset.length > 0) {
        kept = kept.filter(([name]) => !unset.includes(name));
        added = added.filter(([name]) => !unset.includes(name));
      }
      for (const [name, text] of set) {
        effort.spend(1 + (kept.length + added.length) / HEADERS_PER_STEP + fillingSteps(text, captures));
        const value = fillIn(text, captures);
        if (value === null) continue;
        effort.spend(value.length / VALUE_CHARS_PER_STEP);
        // Values of several rules add up, and take the place of what the answer had.
        if (!ours.has(name)) kept = kept.filter(([other]) => other !== name);
        ours.add(name);
        added.push([name, value]);
      }
    }
    return [...kept, ...added];
  }
}

/** Each name in a text is compared with each placeholder. */
function fillingSteps(text: string, captures: Captures): number {
  return (text.length * (1 + captures.size)) / CHARS_PER_STEP;
}

function leadTo(to: string, status: number, url: URL): Redirected | null {
  const target = URL.parse(to, url);
  if (target === null) return null;
  if (status === 200) return { status, pathname: target.pathname };
  const search = target.search === "" ? url.search : target.search;
  const base = target.origin === url.origin ? "" : `${target.protocol}//${target.host}`;
  return { status, location: `${base}${target.pathname}${search}${target.hash}` };
}
