import { isAbsoluteUrl, readRuleUrl } from "./rule-url.ts";
import type { HtmlHandling } from "./worker-assets.ts";

/** Rules and characters of a line that Cloudflare takes. */
const MAX_STATIC = 2_000;
const MAX_DYNAMIC = 100;
const MAX_LINE_CHARS = 2_000;
/** What the host bears: Cloudflare has no such limit. */
const MAX_LINES = 5_000;
const STATUSES = new Set(["200", "301", "302", "303", "307", "308"]);
const DYNAMIC = /\*|:[A-Za-z]/;

/** Where a path leads: elsewhere, or with status 200 to the answer of another path. */
export interface RedirectRule {
  readonly from: string;
  readonly to: string;
  readonly status: number;
}

/** Rules of a file, and what is wrong with lines that have no effect. */
export interface ParsedRedirects {
  /** Without placeholders, and before the first one with: they are looked up, and come first. */
  readonly fixed: ReadonlyMap<string, RedirectRule>;
  /** The others, in their order. */
  readonly dynamic: readonly RedirectRule[];
  readonly problems: readonly string[];
}

/**
 * Reads a `_redirects` file.
 * @see https://developers.cloudflare.com/workers/static-assets/redirects/
 */
export function parseRedirects(text: string, htmlHandling: HtmlHandling): ParsedRedirects {
  const fixed = new Map<string, RedirectRule>();
  const dynamic: RedirectRule[] = [];
  const seen = new Set<string>();
  const problems: string[] = [];
  let lines = 0;
  let hadDynamic = false;
  let tooManyFixed = false;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const problem = (what: string): unknown => problems.push(`_redirects:${index + 1}: ${what}`);
    if (++lines > MAX_LINES) {
      problem(`there are more than ${MAX_LINES} lines; what follows has no effect`);
      break;
    }
    const rule = readRule(line, htmlHandling);
    if ("problem" in rule) {
      problem(rule.problem);
      continue;
    }
    if (seen.has(rule.from)) {
      problem(`there is a rule for ${rule.from} already`);
      continue;
    }
    seen.add(rule.from);
    if (rule.status === 200 && isAbsoluteUrl(rule.to)) {
      problem(`a rule with status 200 can only lead to a path, not to ${rule.to}`);
      continue;
    }
    const isDynamic = DYNAMIC.test(rule.from);
    hadDynamic ||= isDynamic;
    if (hadDynamic) {
      if (dynamic.length >= MAX_DYNAMIC) {
        problem(
          `there are more than ${MAX_DYNAMIC} rules from the first one with "*" or ":name" on; what follows has no effect`,
        );
        break;
      }
      dynamic.push(rule);
    } else if (fixed.size < MAX_STATIC) fixed.set(rule.from, rule);
    else if (!tooManyFixed) {
      tooManyFixed = true;
      problem(`there are more than ${MAX_STATIC} rules without "*" and ":name"; the others have no effect`);
    }
  }
  return { fixed, dynamic, problems };
}

function readRule(line: string, htmlHandling: HtmlHandling): RedirectRule | { readonly problem: string } {
  if (line.length > MAX_LINE_CHARS) return { problem: `the line has more than ${MAX_LINE_CHARS} characters` };
  // A fragment has no space before it, a comment has.
  const comment = line.search(/\s#/);
  const tokens = (comment < 0 ? line : line.slice(0, comment)).trimEnd().split(/\s+/);
  const [fromText = "", toText = "", status = "302"] = tokens;
  if (tokens.length < 2 || tokens.length > 3)
    return { problem: `expected "from to" or "from to status", and found ${tokens.length} words` };
  const from = readRuleUrl(fromText, { relativeOnly: true });
  if ("problem" in from) return from;
  const to = readRuleUrl(toText, { whole: true });
  if ("problem" in to) return to;
  if (!STATUSES.has(status)) return { problem: `status ${status} is none of ${[...STATUSES].join(", ")}` };
  const isAbsolute = isAbsoluteUrl(to.url);
  if (!isAbsolute && /\/index(?:.html)?$/.test(to.url)) {
    const loops = from.url.endsWith("/*") || (from.url.endsWith("/") && htmlHandling !== "none");
    if (loops) return { problem: `${fromText} ${toText} would lead to itself for ever` };
  }
  return { from: from.url, to: to.url, status: Number(status) };
}
