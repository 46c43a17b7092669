/** One line of an ignore file. */
interface Rule {
  readonly pattern: RegExp;
  readonly isNegated: boolean;
  readonly foldersOnly: boolean;
}

/**
 * Which paths a file in the syntax of `.gitignore` leaves out: `*`, `**`, `?`, `[a-z]`, `!` to take back, a slash at the
 * end for folders, one elsewhere to begin at the root. What lies in a folder that is left out cannot be taken back.
 * @see https://git-scm.com/docs/gitignore
 */
export class IgnoreFile {
  readonly #rules: readonly Rule[];

  constructor(text: string) {
    this.#rules = text.split(/\r?\n/).flatMap((line) => readRule(line) ?? []);
  }

  /** Whether a path is left out by itself; folders above it are asked for first. @param path without a slash at the beginning */
  ignores(path: string, isFolder: boolean): boolean {
    // The last line that matches holds.
    const rule = this.#rules.findLast(
      ({ pattern, foldersOnly }) => (isFolder || !foldersOnly) && pattern.test(path),
    );
    return rule !== undefined && !rule.isNegated;
  }
}

function readRule(line: string): Rule | null {
  // Spaces at the end count only after a backslash.
  let text = line.replace(/(?<!\\)\s+$/, "");
  if (text === "" || text.startsWith("#")) return null;
  const isNegated = text.startsWith("!");
  if (isNegated) text = text.slice(1);
  const foldersOnly = text.endsWith("/");
  if (foldersOnly) text = text.slice(0, -1);
  const isAnchored = text.includes("/");
  const source = toRegExp(text.replace(/^\//, ""));
  return {
    pattern: new RegExp(`^${isAnchored ? "" : "(?:.*/)?"}${source}$`, "u"),
    isNegated,
    foldersOnly,
  };
}

function toRegExp(pattern: string): string {
  let source = "";
  for (let at = 0; at < pattern.length;) {
    const rest = pattern.slice(at);
    const [token, piece] = readToken(rest, at === 0 || pattern[at - 1] === "/");
    source += piece;
    at += token.length;
  }
  return source;
}

/** The first token of a pattern, and the regular expression of it. */
function readToken(rest: string, atStart: boolean): readonly [token: string, source: string] {
  if (atStart && rest.startsWith("**/")) return ["**/", "(?:.*/)?"];
  if (atStart && rest === "**") return ["**", ".*"];
  const stars = /^\*+/.exec(rest)?.[0];
  if (stars !== undefined) return [stars, "[^/]*"];
  if (rest.startsWith("?")) return ["?", "[^/]"];
  const set = /^\[(!|\^)?((?:\\.|[^\]\\])+)\]/u.exec(rest);
  if (set !== null) {
    const [token, negation, members = ""] = set;
    const escaped = members.replaceAll(/\\?([[\]^&|~])/g, "\\$1");
    return [token, `(?!/)[${negation === undefined ? "" : "^"}${escaped}]`];
  }
  const character = /^\\?(.)/su.exec(rest);
  const [token = rest, one = rest] = character ?? [];
  return [token, one.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&")];
}
