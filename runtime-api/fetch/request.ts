import { abortInternals } from "../abort/abort-signal.ts";
import type { AbortSignal } from "../abort/abort-signal.ts";
import type { FlatHeaders } from "../contract/flat.ts";
import { stringIndexOf } from "../primordials/string.ts";
import { jsonParse } from "../primordials/values.ts";
import { shapeInterface } from "../globals/define.ts";
import { parseUrl, URL } from "../url/url.ts";
import { cloneBody, isUnusable, moveBody } from "./body.ts";
import type { Body } from "./body.ts";
import { mixInBody } from "./body-mixin.ts";
import type { BodyMixin } from "./body-mixin.ts";
import { extractBody } from "./extract-body.ts";
import {
  guardHeaders,
  headersDefault,
  headersFromFlat,
  headersSpelled,
  headersToFlat,
  headersValue,
} from "./headers.ts";
import type { Headers, HeadersGuard } from "./headers.ts";
import { IDLE_MEMBERS, readRequestInit } from "./request-init.ts";
import type { IdleMembers, RequestInit, RequestRedirect } from "./request-init.ts";

/** A request without its class. */
export interface RequestParts {
  readonly method: string;
  readonly url: string;
  readonly headers: FlatHeaders;
  readonly guard: HeadersGuard;
  readonly body: Body | null;
  readonly redirect: RequestRedirect;
  /** The signal itself, not one to follow. */
  readonly signal: AbortSignal | undefined;
  /** `cf` as JSON, parsed when it is read; empty for none. */
  readonly cfJson: string;
}

/** A request's insides, for the runtime. */
export interface RequestInsides {
  readonly method: string;
  readonly url: string;
  readonly headers: FlatHeaders;
  /** Names of headers as the worker wrote them, if not in lower case. */
  readonly spelled: readonly string[];
  readonly body: Body | null;
  readonly redirect: RequestRedirect;
  /** Aborts the request; undefined where nothing can. */
  readonly signal: AbortSignal | undefined;
  readonly idle: IdleMembers;
}

const AS_THEY_ARE: readonly string[] = [];

/** Asks the constructor for a request with nothing in it. */
const BLANK = {} as unknown as string;

/** The normal form of a URL that a request may have. */
function absoluteUrl(input: unknown): string {
  const text = `${input as string}`;
  const url = parseUrl(text);
  if (url === undefined) throw new TypeError(`Invalid URL: ${text}`);
  if (stringIndexOf(url, "@") >= 0) {
    const { username, password } = new URL(url);
    if (username !== "" || password !== "")
      throw new TypeError(`Cannot make a Request: the URL includes credentials`);
  }
  return url;
}

let make: (parts: RequestParts) => Request;
let insides: (value: unknown) => RequestInsides | undefined;

function refuseBody(method: string): void {
  if (method === "GET" || method === "HEAD")
    throw new TypeError("Request with a GET or HEAD method cannot have a body.");
}

/** A request. URL, headers, signal and `cf` of one that came in are not looked at before they are asked for. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- mixInBody defines the members of the interface
export class Request {
  #method = "GET";
  #url = "";
  #flatHeaders: FlatHeaders = "";
  /** Of a request that this one is made of, until there are headers. */
  #spelled: readonly string[] = AS_THEY_ARE;
  #headers: Headers | undefined;
  #guard: HeadersGuard = "request";
  #body: Body | null = null;
  #redirect: RequestRedirect = "follow";
  /** The signal that this request's own one follows, until the own one is made. */
  #follows: AbortSignal | undefined;
  #signal: AbortSignal | undefined;
  /** Whether the signal is that of a request that came in, which others do not follow unless told to. */
  #incoming = false;
  #idle: IdleMembers = IDLE_MEMBERS;
  #cfJson = "";
  #cf: unknown;

  constructor(input: Request | URL | string, init?: RequestInit) {
    if ((input as unknown) === BLANK) return;
    if (arguments.length === 0) throw new TypeError("Cannot make a Request: 1 argument required, 0 given");
    if (init !== undefined && init !== null && typeof init !== "object" && typeof init !== "function") {
      throw new TypeError("Cannot make a Request: the second argument is not an object");
    }
    const from = typeof input === "object" && input !== null && #body in input ? input : undefined;
    if (from === undefined) this.#url = absoluteUrl(input);
    else this.#copyHead(from);
    if (init !== undefined && init !== null) this.#initialize(init, from);
    if (this.#body === null && from !== undefined && from.#body !== null) {
      refuseBody(this.#method);
      if (isUnusable(from.#body))
        throw new TypeError("Cannot construct a Request with a Request object that has already been used.");
      this.#body = moveBody(from.#body);
    }
  }

  get method(): string {
    return this.#method;
  }

  get url(): string {
    return this.#url;
  }

  get headers(): Headers {
    return this.#headersObject();
  }

  get redirect(): RequestRedirect {
    return this.#redirect;
  }

  get signal(): AbortSignal {
    return (this.#signal ??=
      this.#follows === undefined ? abortInternals.make() : abortInternals.any([this.#follows]));
  }

  /** Properties of the request that come from the host. */
  get cf(): unknown {
    if (this.#cfJson !== "") {
      this.#cf = jsonParse(this.#cfJson);
      this.#cfJson = "";
    }
    return this.#cf;
  }

  get cache(): string {
    return this.#idle.cache;
  }

  get credentials(): string {
    return this.#idle.credentials;
  }

  get destination(): string {
    void this.#guard;
    return "";
  }

  get duplex(): "half" {
    void this.#guard;
    return "half";
  }

  get integrity(): string {
    return this.#idle.integrity;
  }

  get isHistoryNavigation(): boolean {
    void this.#guard;
    return false;
  }

  get isReloadNavigation(): boolean {
    void this.#guard;
    return false;
  }

  get keepalive(): boolean {
    return this.#idle.keepalive;
  }

  get mode(): string {
    return this.#idle.mode;
  }

  get referrer(): string {
    return this.#idle.referrer;
  }

  get referrerPolicy(): string {
    return this.#idle.referrerPolicy;
  }

  clone(): Request {
    const body = this.#body;
    if (body !== null && isUnusable(body))
      throw new TypeError("Cannot clone a Request whose body was used or is locked");
    const copy = make({
      method: this.#method,
      url: this.#url,
      headers: this.#flat(),
      guard: this.#guard,
      body: body === null ? null : cloneBody(body),
      redirect: this.#redirect,
      signal: undefined,
      cfJson: this.#cfJson,
    });
    copy.#spelled = this.#spelling();
    copy.#cf = this.#cf;
    copy.#idle = this.#idle;
    copy.#follows = this.#signal ?? this.#follows;
    copy.#incoming = this.#incoming;
    return copy;
  }

  #copyHead(from: Request): void {
    this.#method = from.#method;
    this.#url = from.#url;
    this.#flatHeaders = from.#flat();
    this.#spelled = from.#spelling();
    this.#redirect = from.#redirect;
    this.#idle = from.#idle;
    this.#cfJson = from.#cfJson;
    this.#cf = from.#cf;
    // As on Workers: a subrequest made of the incoming request goes on when the client leaves.
    if (!from.#incoming) this.#follows = from.#signal ?? from.#follows;
  }

  #initialize(init: RequestInit, from: Request | undefined): void {
    const { body, cf, headers, idle, method, redirect, signal } = readRequestInit(init, this.#idle);
    this.#idle = idle;
    if (method !== undefined) this.#method = method;
    if (redirect !== undefined) this.#redirect = redirect;
    if (signal !== undefined) this.#follows = signal ?? undefined;
    if (cf !== undefined) {
      this.#cf = cf;
      this.#cfJson = "";
    }
    if (headers !== undefined) {
      this.#headers = headers;
      guardHeaders(headers, "request");
    }
    if (body === undefined || body === null) return;
    refuseBody(this.#method);
    const extracted = extractBody(body);
    const { source, stream } = extracted.body;
    // The standard wants `duplex` beside a stream as well; Workers do not know it, and their code never has it.
    if (source === null && stream !== null && idle.keepalive)
      throw new TypeError("Cannot make a Request: keepalive does not allow a stream as the body");
    this.#body = extracted.body;
    if (extracted.contentType === "") return;
    // The headers of the request that this one is made of count as given.
    if (headers === undefined && from === undefined)
      this.#flatHeaders = `content-type\n${extracted.contentType}`;
    else headersDefault(this.#headersObject(), "content-type", extracted.contentType);
  }

  #headersObject(): Headers {
    return (this.#headers ??= headersFromFlat(this.#flatHeaders, this.#guard, this.#spelled));
  }

  #spelling(): readonly string[] {
    return this.#headers === undefined ? this.#spelled : headersSpelled(this.#headers);
  }

  #flat(): FlatHeaders {
    return this.#headers === undefined ? this.#flatHeaders : headersToFlat(this.#headers);
  }

  static {
    make = (parts) => {
      const request = new Request(BLANK);
      request.#method = parts.method;
      request.#url = parts.url;
      request.#flatHeaders = parts.headers;
      request.#guard = parts.guard;
      request.#body = parts.body;
      request.#redirect = parts.redirect;
      request.#signal = parts.signal;
      request.#incoming = parts.signal !== undefined;
      request.#cfJson = parts.cfJson;
      return request;
    };
    insides = (value) => {
      if (typeof value !== "object" || value === null || !(#body in value)) return undefined;
      const request = value as Request;
      return {
        method: request.#method,
        url: request.#url,
        headers: request.#flat(),
        spelled: request.#spelling(),
        body: request.#body,
        redirect: request.#redirect,
        signal: request.#incoming ? undefined : (request.#signal ?? request.#follows),
        idle: request.#idle,
      };
    };
    mixInBody(this.prototype, {
      body: (self) => (self as Request).#body,
      contentType: (self) => headersValue((self as Request).#headersObject(), "content-type"),
    });
  }
}
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- as above
export interface Request extends BodyMixin {}
shapeInterface(Request, "Request");

/** Makes a request without parsing anything. */
export function requestOf(parts: RequestParts): Request {
  return make(parts);
}

/** The insides of a request; undefined for anything else, by its brand. */
export function requestInsides(value: unknown): RequestInsides | undefined {
  return insides(value);
}
