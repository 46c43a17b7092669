import { abortInternals } from "../abort/abort-signal.ts";
import type { AbortSignal } from "../abort/abort-signal.ts";
import { objectHasOwn } from "../primordials/object.ts";
import { stringSlice, stringToUpperCase } from "../primordials/string.ts";
import { parseUrl } from "../url/url.ts";
import type { BodyInit } from "./extract-body.ts";
import { isToken } from "./header-syntax.ts";
import { Headers } from "./headers.ts";
import type { HeadersInit } from "./headers.ts";

/** What happens on a redirect. */
export type RequestRedirect = "follow" | "error" | "manual";

export interface RequestInit {
  method?: string;
  headers?: HeadersInit;
  body?: BodyInit | null;
  redirect?: RequestRedirect;
  signal?: AbortSignal | null;
  cf?: unknown;
  cache?: string;
  credentials?: string;
  integrity?: string;
  keepalive?: boolean;
  mode?: string;
  priority?: string;
  referrer?: string;
  referrerPolicy?: string;
  duplex?: "half";
  window?: null;
}

/** Members that few give; most only come back as they were given. */
export interface IdleMembers {
  cache: string;
  credentials: string;
  integrity: string;
  keepalive: boolean;
  mode: string;
  referrer: string;
  referrerPolicy: string;
}

export const IDLE_MEMBERS: IdleMembers = {
  cache: "default",
  credentials: "same-origin",
  integrity: "",
  keepalive: false,
  mode: "cors",
  referrer: "about:client",
  referrerPolicy: "",
};

const CHOICES = {
  duplex: ["half"],
  priority: ["high", "low", "auto"],
  cache: ["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"],
  credentials: ["omit", "same-origin", "include"],
  mode: ["same-origin", "no-cors", "cors"],
  redirect: ["follow", "error", "manual"],
  referrerPolicy: [
    "",
    "no-referrer",
    "no-referrer-when-downgrade",
    "same-origin",
    "origin",
    "strict-origin",
    "origin-when-cross-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
  ],
} as const;

function choice(name: keyof typeof CHOICES, value: unknown): string {
  const text = `${value as string}`;
  const choices: readonly string[] = CHOICES[name];
  for (let i = 0; i < choices.length; i++) if (choices[i] === text) return text;
  throw new TypeError(`Cannot make a Request: ${name} is "${text}", which is none of its values`);
}

/** A `RequestInit` after Web IDL's conversions; undefined where a member is missing. */
export interface GivenInit {
  readonly body: BodyInit | null | undefined;
  readonly cf: unknown;
  readonly headers: Headers | undefined;
  readonly method: string | undefined;
  readonly redirect: RequestRedirect | undefined;
  /** null for "no signal", whatever the request that this one is made of has. */
  readonly signal: AbortSignal | null | undefined;
  readonly idle: IdleMembers;
}

/**
 * Reads the second argument of `new Request` and `fetch` member by member in the order of the alphabet, as
 * Web IDL does, and checks what needs no other member.
 *
 * @param base The members of the request that the new one is made of
 * @throws TypeError where a member has a value that it cannot have
 */
export function readRequestInit(init: RequestInit, base: IdleMembers): GivenInit {
  const { body } = init;
  const cache = choiceOf("cache", init.cache);
  const { cf } = init;
  const credentials = choiceOf("credentials", init.credentials);
  choiceOf("duplex", init.duplex);
  const given = init.headers;
  const headers = given === undefined ? undefined : new Headers(given);
  const integrity = textOf(init.integrity);
  const { keepalive } = init;
  const method = textOf(init.method);
  const mode = choiceOf("mode", init.mode);
  choiceOf("priority", init.priority);
  const redirect = choiceOf("redirect", init.redirect) as RequestRedirect | undefined;
  const referrer = textOf(init.referrer);
  const referrerPolicy = choiceOf("referrerPolicy", init.referrerPolicy);
  const signal = signalOf(init.signal);
  const { window } = init;
  if (window !== undefined && window !== null)
    throw new TypeError("Cannot make a Request: window can only be null");
  const idle =
    cache === undefined &&
    credentials === undefined &&
    integrity === undefined &&
    keepalive === undefined &&
    mode === undefined &&
    referrer === undefined &&
    referrerPolicy === undefined
      ? base
      : {
          cache: cache ?? base.cache,
          credentials: credentials ?? base.credentials,
          integrity: integrity ?? base.integrity,
          keepalive: keepalive === undefined ? base.keepalive : Boolean(keepalive),
          mode: mode ?? base.mode,
          referrer: referrer === undefined ? base.referrer : referrerUrl(referrer),
          referrerPolicy: referrerPolicy ?? base.referrerPolicy,
        };
  if (idle.cache === "only-if-cached" && idle.mode !== "same-origin") {
    throw new TypeError('Cannot make a Request: cache "only-if-cached" needs mode "same-origin"');
  }
  return { body, cf, headers, method: methodGiven(method, idle.mode), redirect, signal, idle };
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : `${value as string}`;
}

function choiceOf(name: keyof typeof CHOICES, value: unknown): string | undefined {
  return value === undefined ? undefined : choice(name, value);
}

/** `referrer` as it is read back: no URL for none, a whole URL, or `about:client`. */
function referrerUrl(text: string): string {
  if (text === "") return "";
  const url = parseUrl(text);
  if (url === undefined) throw new TypeError("Cannot make a Request: referrer is no URL");
  return url;
}

function methodGiven(method: string | undefined, mode: string): string | undefined {
  if (method === undefined) return undefined;
  const normal = methodOf(method);
  if (mode === "no-cors" && normal !== "GET" && normal !== "HEAD" && normal !== "POST") {
    throw new TypeError(`Cannot make a Request: mode "no-cors" does not allow the method ${normal}`);
  }
  return normal;
}

/** Methods that are the same in any case, and those that a worker may not use. */
const NORMAL = {
  __proto__: null,
  DELETE: 1,
  GET: 1,
  HEAD: 1,
  OPTIONS: 1,
  POST: 1,
  PUT: 1,
  CONNECT: 2,
  TRACE: 2,
  TRACK: 2,
} as unknown as Record<string, number>;

/** A method as it goes over the wire. Throws a TypeError where it is no token or is forbidden. */
function methodOf(text: string): string {
  if (objectHasOwn(NORMAL, text) && NORMAL[text] === 1) return text;
  if (!isToken(text)) throw new TypeError(`Invalid HTTP method string: "${stringSlice(text, 0, 100)}"`);
  const upper = stringToUpperCase(text);
  const kind = objectHasOwn(NORMAL, upper) ? NORMAL[upper] : 0;
  if (kind === 2) throw new TypeError(`Invalid HTTP method string: "${text}" is not allowed`);
  return kind === 1 ? upper : text;
}

function signalOf(value: unknown): AbortSignal | null | undefined {
  if (value === null || value === undefined) return value;
  if (!abortInternals.isSignal(value))
    throw new TypeError("Cannot make a Request: signal is not an AbortSignal");
  return value;
}
