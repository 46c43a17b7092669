import { arrayPush } from "../primordials/array.ts";
import { stringSlice, stringStartsWith, stringToWellFormed } from "../primordials/string.ts";
import { urlParts } from "../url/url.ts";
import {
  canonicalDomain,
  canonicalHash,
  canonicalHostname,
  canonicalIpv6,
  canonicalOpaquePathname,
  canonicalPassword,
  canonicalPathname,
  canonicalPort,
  canonicalProtocol,
  canonicalSearch,
  canonicalUsername,
  defaultPort,
} from "./canonicalize.ts";
import { Component, type ComponentResult } from "./component.ts";
import { parseConstructorString } from "./parse-constructor-string.ts";
import {
  COMPONENTS,
  type ComponentName,
  type PatternInit,
  processInit,
  readPatternInit,
} from "./pattern-init.ts";
import { matchesSpecialScheme } from "./special-scheme.ts";

export interface URLPatternOptions {
  ignoreCase?: boolean;
}

export type URLPatternInput = string | PatternInit;

/** What a URL that matches gives: per component its text and the groups in it. */
export type URLPatternResult = Readonly<Record<ComponentName, ComponentResult>> & {
  readonly inputs: readonly URLPatternInput[];
};

type Components = Readonly<Record<ComponentName, Component>>;

/** The first argument of all methods, as Web IDL converts it. */
function readInput(input: unknown): URLPatternInput {
  if (input === undefined || input === null) return {};
  if (typeof input === "object" || typeof input === "function") return readPatternInit(input);
  return stringToWellFormed(`${input as string}`);
}

function readText(value: unknown): string | undefined {
  return value === undefined ? undefined : stringToWellFormed(`${value as string}`);
}

/** `ignoreCase` of the options: a dictionary, null or undefined. */
function readIgnoreCase(options: unknown): boolean {
  if (options === undefined || options === null) return false;
  if (typeof options !== "object" && typeof options !== "function")
    throw new TypeError("Cannot make a URLPattern: the options are not an object");
  return Boolean((options as URLPatternOptions).ignoreCase);
}

/** Whether a hostname's pattern is an IPv6 address: it begins with a bracket, perhaps in braces or escaped. */
function isIpv6(hostname: string): boolean {
  return (
    hostname.length > 1 &&
    (stringStartsWith(hostname, "[") || stringStartsWith(hostname, "{[") || stringStartsWith(hostname, "\\["))
  );
}

function compile(given: PatternInit, ignoreCase: boolean): Components {
  const init = processInit(given, true);
  if (init.protocol !== undefined && init.port !== undefined && init.port === defaultPort(init.protocol))
    init.port = "";
  const plain = { delimiter: "", prefix: "", ignoreCase: false };
  const cased = { delimiter: "", prefix: "", ignoreCase };
  const text = (name: ComponentName): string => init[name] ?? "*";
  const protocol = new Component(text("protocol"), canonicalProtocol, plain);
  const special = matchesSpecialScheme(protocol);
  const hostname = text("hostname");
  const encodeHost = isIpv6(hostname)
    ? canonicalIpv6
    : special || protocol.pattern === "*"
      ? canonicalDomain
      : canonicalHostname;
  return {
    protocol,
    username: new Component(text("username"), canonicalUsername, plain),
    password: new Component(text("password"), canonicalPassword, plain),
    hostname: new Component(hostname, encodeHost, { delimiter: ".", prefix: "", ignoreCase: false }),
    port: new Component(text("port"), (value) => canonicalPort(value), plain),
    pathname: special
      ? new Component(text("pathname"), canonicalPathname, { delimiter: "/", prefix: "/", ignoreCase })
      : new Component(text("pathname"), canonicalOpaquePathname, cased),
    search: new Component(text("search"), canonicalSearch, cased),
    hash: new Component(text("hash"), canonicalHash, cased),
  };
}

/** The parts of what is matched; undefined where it is no URL. */
function partsOf(input: URLPatternInput, base: string | undefined): PatternInit | undefined {
  if (typeof input === "string") {
    const url = urlParts(input, base);
    if (url === undefined) return undefined;
    return {
      protocol: stringSlice(url.protocol, 0, -1),
      username: url.username,
      password: url.password,
      hostname: url.hostname,
      port: url.port,
      pathname: url.pathname,
      search: stringSlice(url.search, 1),
      hash: stringSlice(url.hash, 1),
    };
  }
  try {
    return processInit(input, false);
  } catch {
    return undefined;
  }
}

/** A pattern of URLs, as the URL Pattern standard has it. */
export class URLPattern {
  readonly #components: Components;

  constructor(input?: URLPatternInput, baseURL?: string, options?: URLPatternOptions);
  constructor(input?: URLPatternInput, options?: URLPatternOptions);
  constructor(given?: URLPatternInput, second?: unknown, third?: unknown) {
    // Two overloads: one with a base URL, where there is text for it, and one without.
    const hasBase =
      arguments.length > 2 ||
      (second !== undefined && second !== null && typeof second !== "object" && typeof second !== "function");
    const input = readInput(given);
    const base = hasBase ? stringToWellFormed(`${second as string}`) : undefined;
    const ignoreCase = readIgnoreCase(hasBase ? third : second);
    let init: PatternInit;
    if (typeof input === "string") {
      init = parseConstructorString(input);
      if (base !== undefined) init.baseURL = base;
      else if (init.protocol === undefined)
        throw new TypeError("Invalid URLPattern: a relative pattern needs a base URL");
    } else {
      init = input;
      if (base !== undefined)
        throw new TypeError("Invalid URLPattern: an object has its base URL as its member baseURL");
    }
    this.#components = compile(init, ignoreCase);
  }

  get protocol(): string {
    return this.#components.protocol.pattern;
  }

  get username(): string {
    return this.#components.username.pattern;
  }

  get password(): string {
    return this.#components.password.pattern;
  }

  get hostname(): string {
    return this.#components.hostname.pattern;
  }

  get port(): string {
    return this.#components.port.pattern;
  }

  get pathname(): string {
    return this.#components.pathname.pattern;
  }

  get search(): string {
    return this.#components.search.pattern;
  }

  get hash(): string {
    return this.#components.hash.pattern;
  }

  get hasRegExpGroups(): boolean {
    const components = this.#components;
    for (let i = 0; i < COMPONENTS.length; i++)
      if (components[COMPONENTS[i] as ComponentName].hasRegExpGroups) return true;
    return false;
  }

  test(input: URLPatternInput = {}, baseURL?: string): boolean {
    const components = this.#components;
    const parts = matched(input, baseURL)?.parts;
    if (parts === undefined) return false;
    for (let i = 0; i < COMPONENTS.length; i++) {
      const name = COMPONENTS[i] as ComponentName;
      if (!components[name].matches(parts[name] ?? "")) return false;
    }
    return true;
  }

  exec(input: URLPatternInput = {}, baseURL?: string): URLPatternResult | null {
    const components = this.#components;
    const { inputs, parts } = matched(input, baseURL);
    if (parts === undefined) return null;
    const found = {} as Record<ComponentName, ComponentResult>;
    for (let i = 0; i < COMPONENTS.length; i++) {
      const name = COMPONENTS[i] as ComponentName;
      const result = components[name].exec(parts[name] ?? "");
      if (result === null) return null;
      found[name] = result;
    }
    // In the order of Web IDL's dictionary members, which is that of the alphabet.
    const { hash, hostname, password, pathname, port, protocol, search, username } = found;
    return { hash, hostname, inputs, password, pathname, port, protocol, search, username };
  }
}

/** The arguments of `test` and `exec`. @throws TypeError for an object together with a base URL */
function matched(
  given: unknown,
  baseURL: unknown,
): { readonly inputs: URLPatternInput[]; readonly parts: PatternInit | undefined } {
  const input = readInput(given);
  const base = readText(baseURL);
  const inputs: URLPatternInput[] = [input];
  if (base !== undefined) {
    if (typeof input !== "string")
      throw new TypeError("Cannot match: an object has its base URL as its member baseURL");
    arrayPush(inputs, base);
  }
  return { inputs, parts: partsOf(input, base) };
}
