import { arrayPush } from "../primordials/array.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { parsePattern } from "./parse-pattern.ts";
import {
  compileRegexp,
  escapeRegexp,
  FULL_WILDCARD,
  match,
  type Part,
  type PatternOptions,
  segmentWildcard,
} from "./part.ts";
import { writePattern } from "./write-pattern.ts";

/** What a component gives for the text that it matches. */
export interface ComponentResult {
  readonly input: string;
  readonly groups: Record<string, string | undefined>;
}

/** The source of the regular expression of a group. */
function groupSource(part: Part, wildcard: string): string {
  const inner =
    part.type === "segment-wildcard" ? wildcard : part.type === "full-wildcard" ? FULL_WILDCARD : part.value;
  const repeats = part.modifier === "*" || part.modifier === "+";
  if (part.prefix === "" && part.suffix === "")
    return repeats ? `((?:${inner})${part.modifier})` : `(${inner})${part.modifier}`;
  const prefix = escapeRegexp(part.prefix);
  const suffix = escapeRegexp(part.suffix);
  return repeats
    ? `(?:${prefix}((?:${inner})(?:${suffix}${prefix}(?:${inner}))*)${suffix})${part.modifier === "*" ? "?" : ""}`
    : `(?:${prefix}(${inner})${suffix})${part.modifier}`;
}

/** The pattern of one component of a URL, ready to match. */
export class Component {
  readonly pattern: string;
  readonly hasRegExpGroups: boolean;
  readonly #regexp: RegExp;
  readonly #names: readonly string[];

  /**
   * @param encode Brings fixed text into the form that it has in a URL
   * @throws TypeError where the pattern is malformed
   */
  constructor(text: string, encode: (text: string) => string, options: PatternOptions) {
    const parts = parsePattern(text, options, encode);
    const wildcard = segmentWildcard(options);
    const names: string[] = [];
    let source = "^";
    let hasRegExpGroups = false;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as Part;
      if (part.type === "fixed-text") {
        const fixed = escapeRegexp(part.value);
        source += part.modifier === "" ? fixed : `(?:${fixed})${part.modifier}`;
        continue;
      }
      if (part.type === "regexp") hasRegExpGroups = true;
      arrayPush(names, part.name);
      source += groupSource(part, wildcard);
    }
    this.#regexp = compileRegexp(`${source}$`, options.ignoreCase);
    this.#names = names;
    this.pattern = writePattern(parts, options);
    this.hasRegExpGroups = hasRegExpGroups;
  }

  matches(text: string): boolean {
    return match(this.#regexp, text) !== null;
  }

  exec(input: string): ComponentResult | null {
    const found = match(this.#regexp, input);
    if (found === null) return null;
    const groups: Record<string, string | undefined> = {};
    // Defined, not assigned: a group may be called __proto__.
    for (let i = 0; i < this.#names.length; i++)
      objectDefineProperty(groups, this.#names[i] as string, dataDescriptor(found[i + 1], true));
    return { groups, input };
  }
}
