import { arrayPush } from "../primordials/array.ts";
import { setAdd, setHas, SetOf } from "../primordials/collections.ts";
import { FULL_WILDCARD, type Part, type PatternOptions, segmentWildcard } from "./part.ts";
import { type Token, tokenize, type TokenType } from "./tokenize.ts";

/**
 * Parses a component's pattern, as the URL Pattern standard does.
 *
 * @param encode Brings fixed text into the form that it has in a URL
 * @throws TypeError where it is malformed, a name comes twice, or `encode` throws
 */
export function parsePattern(
  text: string,
  options: PatternOptions,
  encode: (text: string) => string,
): readonly Part[] {
  return new PatternParser(text, options, encode).parse();
}

class PatternParser {
  readonly #tokens: readonly Token[];
  readonly #encode: (text: string) => string;
  readonly #segmentWildcard: string;
  readonly #prefix: string;
  readonly #parts: Part[] = [];
  readonly #names = new SetOf<string>();
  #fixed = "";
  #index = 0;
  #nextNumber = 0;

  constructor(text: string, options: PatternOptions, encode: (text: string) => string) {
    this.#tokens = tokenize(text, false);
    this.#encode = encode;
    this.#segmentWildcard = segmentWildcard(options);
    this.#prefix = options.prefix;
  }

  parse(): readonly Part[] {
    while (this.#index < this.#tokens.length) {
      const char = this.#take("char");
      const name = this.#take("name");
      const matcher = this.#takeMatcher(name);
      if (name !== undefined || matcher !== undefined) {
        let prefix = char?.value ?? "";
        if (prefix !== "" && prefix !== this.#prefix) {
          this.#fixed += prefix;
          prefix = "";
        }
        this.#flushFixed();
        this.#addPart(prefix, name, matcher, "", this.#takeModifier());
        continue;
      }
      const fixed = char ?? this.#take("escaped-char");
      if (fixed !== undefined) {
        this.#fixed += fixed.value;
        continue;
      }
      if (this.#take("open") !== undefined) {
        const prefix = this.#takeText();
        const groupName = this.#take("name");
        const groupMatcher = this.#takeMatcher(groupName);
        const suffix = this.#takeText();
        this.#require("close");
        this.#addPart(prefix, groupName, groupMatcher, suffix, this.#takeModifier());
        continue;
      }
      this.#flushFixed();
      this.#require("end");
    }
    return this.#parts;
  }

  #take(type: TokenType): Token | undefined {
    const token = this.#tokens[this.#index];
    if (token?.type !== type) return undefined;
    this.#index++;
    return token;
  }

  #require(type: TokenType): void {
    if (this.#take(type) !== undefined) return;
    const found = this.#tokens[this.#index] as Token;
    throw new TypeError(
      `Invalid URLPattern: "${type}" is expected at ${found.index}, not "${found.value}" (${found.type})`,
    );
  }

  #takeMatcher(name: Token | undefined): Token | undefined {
    return this.#take("regexp") ?? (name === undefined ? this.#take("asterisk") : undefined);
  }

  #takeModifier(): Part["modifier"] {
    const token = this.#take("other-modifier") ?? this.#take("asterisk");
    return (token?.value ?? "") as Part["modifier"];
  }

  #takeText(): string {
    let text = "";
    for (;;) {
      const token = this.#take("char") ?? this.#take("escaped-char");
      if (token === undefined) return text;
      text += token.value;
    }
  }

  #flushFixed(): void {
    if (this.#fixed === "") return;
    this.#addFixed(this.#fixed, "");
    this.#fixed = "";
  }

  #addFixed(text: string, modifier: Part["modifier"]): void {
    const value = this.#encode(text);
    arrayPush(this.#parts, { type: "fixed-text", value, modifier, name: "", prefix: "", suffix: "" });
  }

  #addPart(
    prefix: string,
    name: Token | undefined,
    matcher: Token | undefined,
    suffix: string,
    modifier: Part["modifier"],
  ): void {
    if (name === undefined && matcher === undefined) {
      if (modifier === "") {
        this.#fixed += prefix;
        return;
      }
      this.#flushFixed();
      if (prefix !== "") this.#addFixed(prefix, modifier);
      return;
    }
    this.#flushFixed();
    const source =
      matcher === undefined
        ? this.#segmentWildcard
        : matcher.type === "asterisk"
          ? FULL_WILDCARD
          : matcher.value;
    const type =
      source === this.#segmentWildcard
        ? "segment-wildcard"
        : source === FULL_WILDCARD
          ? "full-wildcard"
          : "regexp";
    const groupName = name?.value ?? `${this.#nextNumber++}`;
    if (setHas(this.#names, groupName))
      throw new TypeError(`Invalid URLPattern: the name "${groupName}" comes twice`);
    setAdd(this.#names, groupName);
    arrayPush(this.#parts, {
      type,
      value: type === "regexp" ? source : "",
      modifier,
      name: groupName,
      prefix: this.#encode(prefix),
      suffix: this.#encode(suffix),
    });
  }
}
