import { abortInternals } from "../abort/abort-signal.ts";
import type { AbortSignal } from "../abort/abort-signal.ts";
import { objectHasOwn } from "../primordials/object.ts";
import { stringSlice, stringToUpperCase } from "../primordials/string.ts";
import type { BodyInit } from "./extract-body.ts";
import { isToken } from "./header-syntax.ts";
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
  referrer?: string;
  referrerPolicy?: string;
  duplex?: "half";
}

/** Members that mean nothing in a worker, kept so that code that reads them back gets what it gave. */
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

/** Reads `redirect`. */
export function redirectOf(value: unknown): RequestRedirect {
  return choice("redirect", value) as RequestRedirect;
}

/** Reads the members that mean nothing here; `base` where none is given. */
export function idleMembersOf(init: RequestInit, base: IdleMembers): IdleMembers {
  const { cache, credentials, integrity, keepalive, mode, referrer, referrerPolicy } = init;
  if (
    cache === undefined &&
    credentials === undefined &&
    integrity === undefined &&
    keepalive === undefined &&
    mode === undefined &&
    referrer === undefined &&
    referrerPolicy === undefined
  ) {
    return base;
  }
  return {
    cache: cache === undefined ? base.cache : choice("cache", cache),
    credentials: credentials === undefined ? base.credentials : choice("credentials", credentials),
    integrity: integrity === undefined ? base.integrity : `${integrity}`,
    keepalive: keepalive === undefined ? base.keepalive : Boolean(keepalive),
    mode: mode === undefined ? base.mode : choice("mode", mode),
    referrer: referrer === undefined ? base.referrer : `${referrer}`,
    referrerPolicy:
      referrerPolicy === undefined ? base.referrerPolicy : choice("referrerPolicy", referrerPolicy),
  };
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
export function methodOf(value: unknown): string {
  const text = `${value as string}`;
  if (objectHasOwn(NORMAL, text) && NORMAL[text] === 1) return text;
  if (!isToken(text)) throw new TypeError(`Invalid HTTP method string: "${stringSlice(text, 0, 100)}"`);
  const upper = stringToUpperCase(text);
  const kind = objectHasOwn(NORMAL, upper) ? NORMAL[upper] : 0;
  if (kind === 2) throw new TypeError(`Invalid HTTP method string: "${text}" is not allowed`);
  return kind === 1 ? upper : text;
}

/** Reads `signal`: null for none. */
export function signalOf(value: unknown): AbortSignal | null {
  if (value === null) return null;
  if (!abortInternals.isSignal(value))
    throw new TypeError("Cannot make a Request: signal is not an AbortSignal");
  return value;
}
