import { stringSlice } from "../primordials/string.ts";
import { canonicalProtocol } from "./canonicalize.ts";
import { Component } from "./component.ts";
import type { ComponentName, PatternInit } from "./pattern-init.ts";
import { matchesSpecialScheme } from "./special-scheme.ts";
import { type Token, tokenize } from "./tokenize.ts";

type State = "init" | "authority" | ComponentName | "done";

/** Where a component stands among those of a URL, to compare; init and done stand apart. */
const ORDER = {
  init: -1,
  protocol: 0,
  authority: 1,
  username: 2,
  password: 3,
  hostname: 4,
  port: 5,
  pathname: 6,
  search: 7,
  hash: 8,
  done: -1,
} as const;

/** Splits a pattern in the form of a URL into the patterns of its components. @throws TypeError */
export function parseConstructorString(input: string): PatternInit {
  return new ConstructorStringParser(input).parse();
}

class ConstructorStringParser {
  readonly #input: string;
  readonly #tokens: readonly Token[];
  readonly #result: PatternInit = {};
  #state: State = "init";
  #index = 0;
  #increment = 1;
  #start = 0;
  #groups = 0;
  #brackets = 0;
  #special = false;

  constructor(input: string) {
    this.#input = input;
    this.#tokens = tokenize(input, true);
  }

  parse(): PatternInit {
    for (; this.#index < this.#tokens.length; this.#index += this.#increment) {
      this.#increment = 1;
      const { type } = this.#token(this.#index);
      if (type === "end") {
        if (this.#state === "init") {
          this.#rewind();
          if (this.#is(this.#index, "#")) this.#change("hash", 1);
          else if (this.#isSearch()) this.#change("search", 1);
          else this.#change("pathname", 0);
          continue;
        }
        if (this.#state === "authority") {
          this.#rewind("hostname");
          continue;
        }
        this.#change("done", 0);
        break;
      }
      if (type === "open") this.#groups++;
      else if (this.#groups > 0) {
        if (type === "close") this.#groups--;
        if (this.#groups === 0) this.#step();
      } else this.#step();
    }
    if (this.#result.hostname !== undefined) this.#result.port ??= "";
    return this.#result;
  }

  /** Looks at one token outside of braces. */
  #step(): void {
    switch (this.#state) {
      case "init":
        if (this.#is(this.#index, ":")) this.#rewind("protocol");
        break;
      case "protocol":
        if (this.#is(this.#index, ":")) this.#endProtocol();
        break;
      case "authority":
        if (this.#is(this.#index, "@")) this.#rewind("username");
        else if (this.#is(this.#index, "/") || this.#isSearch() || this.#is(this.#index, "#"))
          this.#rewind("hostname");
        break;
      case "username":
        if (this.#is(this.#index, ":")) this.#change("password", 1);
        else if (this.#is(this.#index, "@")) this.#change("hostname", 1);
        break;
      case "password":
        if (this.#is(this.#index, "@")) this.#change("hostname", 1);
        break;
      case "hostname":
        if (this.#is(this.#index, "[")) this.#brackets++;
        else if (this.#is(this.#index, "]")) this.#brackets--;
        else if (this.#brackets === 0 && this.#is(this.#index, ":")) this.#change("port", 1);
        else this.#endOfHost();
        break;
      case "port":
        this.#endOfHost();
        break;
      case "pathname":
        if (this.#isSearch()) this.#change("search", 1);
        else if (this.#is(this.#index, "#")) this.#change("hash", 1);
        break;
      case "search":
        if (this.#is(this.#index, "#")) this.#change("hash", 1);
        break;
      case "hash":
      case "done":
    }
  }

  #endProtocol(): void {
    const protocol = new Component(this.#text(), canonicalProtocol, {
      delimiter: "",
      prefix: "",
      ignoreCase: false,
    });
    this.#special = matchesSpecialScheme(protocol);
    const slashes = this.#is(this.#index + 1, "/") && this.#is(this.#index + 2, "/");
    if (slashes) this.#change("authority", 3);
    else this.#change(this.#special ? "authority" : "pathname", 1);
  }

  #endOfHost(): void {
    if (this.#is(this.#index, "/")) this.#change("pathname", 0);
    else if (this.#isSearch()) this.#change("search", 1);
    else if (this.#is(this.#index, "#")) this.#change("hash", 1);
  }

  #change(next: State, skip: number): void {
    const state = this.#state;
    const result = this.#result;
    if (state !== "init" && state !== "authority" && state !== "done") result[state] = this.#text();
    if (state !== "init" && next !== "done") {
      // What stands before a component that is given, and is not given itself, is empty.
      const from = ORDER[state];
      const to = ORDER[next];
      if (from < ORDER.hostname && to > ORDER.hostname) result.hostname ??= "";
      if (from < ORDER.pathname && to > ORDER.pathname) result.pathname ??= this.#special ? "/" : "";
      if (from < ORDER.search && to > ORDER.search) result.search ??= "";
    }
    this.#state = next;
    this.#index += skip;
    this.#start = this.#index;
    this.#increment = 0;
  }

  #rewind(state: State = this.#state): void {
    this.#index = this.#start;
    this.#increment = 0;
    this.#state = state;
  }

  /** The text of the component that ends before the current token. */
  #text(): string {
    return stringSlice(this.#input, this.#token(this.#start).index, this.#token(this.#index).index);
  }

  #token(index: number): Token {
    return (this.#tokens[index] ?? this.#tokens[this.#tokens.length - 1]) as Token;
  }

  /** Whether a token is this very character, with no meaning in a pattern. */
  #is(index: number, character: string): boolean {
    const { type, value } = this.#token(index);
    return value === character && (type === "char" || type === "escaped-char" || type === "invalid-char");
  }

  /** Whether the current token begins a query: a question mark behind a group is its modifier. */
  #isSearch(): boolean {
    if (this.#is(this.#index, "?")) return true;
    if (this.#token(this.#index).value !== "?") return false;
    if (this.#index === 0) return true;
    const { type } = this.#token(this.#index - 1);
    return type !== "name" && type !== "regexp" && type !== "close" && type !== "asterisk";
  }
}
