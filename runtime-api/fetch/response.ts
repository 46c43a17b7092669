import type { FlatHeaders } from "../contract/flat.ts";
import { jsonStringify } from "../primordials/values.ts";
import { shapeInterface } from "../globals/define.ts";
import { parseUrl } from "../url/url.ts";
import { isWebSocket } from "../websocket/socket-hooks.ts";
import { cloneBody, isUnusable } from "./body.ts";
import type { Body } from "./body.ts";
import { mixInBody } from "./body-mixin.ts";
import type { BodyMixin } from "./body-mixin.ts";
import { extractBody } from "./extract-body.ts";
import type { BodyInit } from "./extract-body.ts";
import { isReasonPhrase } from "./header-syntax.ts";
import {
  guardHeaders,
  Headers,
  headersDefault,
  headersFromFlat,
  headersToFlat,
  headersValue,
} from "./headers.ts";
import type { HeadersGuard, HeadersInit } from "./headers.ts";

export interface ResponseInit {
  status?: number;
  statusText?: string;
  headers?: HeadersInit;
  /** With status 101 only, as on Workers: the WebSocket that answers an upgrade. */
  webSocket?: object | null;
  /** As on Workers: whether the body is to be brought into the form that `Content-Encoding` names, or has it. */
  encodeBody?: "automatic" | "manual";
}

/** What a response says about where it came from. */
export type ResponseType = "default" | "basic" | "error";

/** A response without its class. */
export interface ResponseParts {
  readonly status: number;
  readonly statusText: string;
  readonly headers: FlatHeaders;
  readonly guard: HeadersGuard;
  readonly body: Body | null;
  readonly url: string;
  readonly redirected: boolean;
  readonly type: ResponseType;
  readonly webSocket?: object | null;
  /** @default false */
  readonly isCoded?: boolean;
}

/** A response's insides, for the runtime. */
export interface ResponseInsides {
  status: number;
  statusText: string;
  headers: FlatHeaders;
  body: Body | null;
  webSocket: object | null;
  url: string;
  redirected: boolean;
  type: ResponseType;
  isCoded: boolean;
}

function isNullBodyStatus(status: number): boolean {
  return status === 101 || status === 204 || status === 205 || status === 304;
}

function requireDictionary(init: unknown): void {
  if (init !== undefined && init !== null && typeof init !== "object" && typeof init !== "function") {
    throw new TypeError("Cannot make a Response: the second argument is not an object");
  }
}

function isManual(encodeBody: string): boolean {
  if (encodeBody === "manual" || encodeBody === "automatic") return encodeBody === "manual";
  throw new TypeError('encodeBody: unexpected value; it is "automatic" or "manual"');
}

let make: (parts: ResponseParts) => Response;
let insides: (value: unknown) => ResponseInsides | undefined;

/** The answer to a request. Neither headers nor streams are made before they are asked for. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- mixInBody defines the members of the interface
export class Response {
  #status = 200;
  #statusText = "";
  /** Header text as long as nobody asked for the object. */
  #flatHeaders: FlatHeaders = "";
  #headers: Headers | undefined;
  #guard: HeadersGuard = "response";
  #body: Body | null = null;
  #url = "";
  #redirected = false;
  #type: ResponseType = "default";
  #webSocket: object | null = null;
  #isCoded = false;

  constructor(body?: BodyInit | null, init?: ResponseInit) {
    if (init !== undefined && init !== null) this.#initialize(init);
    if (body === null || body === undefined) return;
    if (isNullBodyStatus(this.#status)) {
      // As on Workers, where that was once the one way to write a response without a body.
      if (body === "" && this.#status !== 101) return;
      throw new TypeError(
        `Response with null body status (101, 204, 205, or 304) cannot have a body (the status is ${this.#status}).`,
      );
    }
    const extracted = extractBody(body);
    this.#body = extracted.body;
    if (extracted.contentType !== "") this.#addContentType(extracted.contentType);
  }

  static error(): Response {
    return make({
      status: 0,
      statusText: "",
      headers: "",
      guard: "immutable",
      body: null,
      url: "",
      redirected: false,
      type: "error",
    });
  }

  static redirect(url: string, status = 302): Response {
    if (arguments.length === 0) throw new TypeError("Cannot make a redirect: 1 argument required, 0 given");
    const location = parseUrl(`${url}`);
    if (location === undefined) throw new TypeError(`Unable to parse URL: ${url}`);
    const code = +status & 0xffff;
    if (code !== 301 && code !== 302 && code !== 303 && code !== 307 && code !== 308) {
      throw new RangeError(`${code} is not a redirect status code.`);
    }
    return make({
      status: code,
      statusText: "",
      headers: `location\n${location}`,
      guard: "immutable",
      body: null,
      url: "",
      redirected: false,
      type: "default",
    });
  }

  static json(data: unknown, init?: ResponseInit): Response {
    if (arguments.length === 0)
      throw new TypeError("Cannot make a JSON response: 1 argument required, 0 given");
    const text = jsonStringify(data);
    if (text === undefined) throw new TypeError("Cannot make a JSON response: the value has no JSON text");
    const response = new Response(null, init);
    if (isNullBodyStatus(response.#status)) {
      throw new TypeError(
        `Response with null body status (101, 204, 205, or 304) cannot have a body (the status is ${response.#status}).`,
      );
    }
    response.#body = extractBody(text).body;
    response.#addContentType("application/json");
    return response;
  }

  get type(): ResponseType {
    return this.#type;
  }

  get url(): string {
    return this.#url;
  }

  get redirected(): boolean {
    return this.#redirected;
  }

  get status(): number {
    return this.#status;
  }

  get ok(): boolean {
    return this.#status >= 200 && this.#status < 300;
  }

  get statusText(): string {
    return this.#statusText;
  }

  get headers(): Headers {
    return this.#headersObject();
  }

  /** The WebSocket of a response to an upgrade, or null. */
  get webSocket(): object | null {
    return this.#webSocket;
  }

  clone(): Response {
    const body = this.#body;
    if (this.#webSocket !== null) throw new TypeError("Cannot clone a response to a WebSocket handshake.");
    if (body !== null && isUnusable(body))
      throw new TypeError("Cannot clone a Response whose body was used or is locked");
    return make({
      status: this.#status,
      statusText: this.#statusText,
      headers: this.#flat(),
      guard: this.#guard,
      body: body === null ? null : cloneBody(body),
      url: this.#url,
      redirected: this.#redirected,
      type: this.#type,
      isCoded: this.#isCoded,
    });
  }

  #initialize(init: ResponseInit): void {
    requireDictionary(init);
    // In the order of Web IDL's dictionary members, which is that of the alphabet.
    const { encodeBody, headers, status, statusText, webSocket } = init;
    if (encodeBody !== undefined) this.#isCoded = isManual(`${encodeBody}`);
    if (webSocket !== undefined && webSocket !== null) this.#setWebSocket(webSocket);
    if (status !== undefined) {
      const code = +status & 0xffff;
      if (this.#webSocket !== null && code === 101) this.#status = code;
      else if (code < 200 || code > 599)
        throw new RangeError(
          `Responses may only be constructed with status codes in the range 200 to 599, inclusive (it is ${code}).`,
        );
      else this.#status = code;
    }
    if (this.#webSocket !== null && this.#status !== 101)
      throw new RangeError("Responses with a WebSocket must have status code 101.");
    if (statusText !== undefined) {
      const text = `${statusText}`;
      if (!isReasonPhrase(text))
        throw new TypeError(
          "Invalid statusText: it has a line end or another character that HTTP does not allow there",
        );
      this.#statusText = text;
    }
    if (headers !== undefined) {
      this.#headers = new Headers(headers);
      guardHeaders(this.#headers, this.#guard);
    }
  }

  #setWebSocket(value: unknown): void {
    if (!isWebSocket(value)) throw new TypeError("Incorrect type: 'webSocket' is not of type 'WebSocket'.");
    this.#webSocket = value;
  }

  /** The content type of the body, unless the worker gave one. */
  #addContentType(type: string): void {
    const headers = this.#headers;
    if (headers === undefined) this.#flatHeaders = `content-type\n${type}`;
    else headersDefault(headers, "content-type", type);
  }

  #headersObject(): Headers {
    return (this.#headers ??= headersFromFlat(this.#flatHeaders, this.#guard));
  }

  #flat(): FlatHeaders {
    return this.#headers === undefined ? this.#flatHeaders : headersToFlat(this.#headers);
  }

  static {
    make = (parts) => {
      const response = new Response();
      response.#status = parts.status;
      response.#statusText = parts.statusText;
      response.#flatHeaders = parts.headers;
      response.#guard = parts.guard;
      response.#body = parts.body;
      response.#url = parts.url;
      response.#redirected = parts.redirected;
      response.#type = parts.type;
      response.#webSocket = parts.webSocket ?? null;
      response.#isCoded = parts.isCoded ?? false;
      return response;
    };
    insides = (value) => {
      if (typeof value !== "object" || value === null || !(#body in value)) return undefined;
      const response = value as Response;
      return {
        status: response.#status,
        statusText: response.#statusText,
        headers: response.#flat(),
        body: response.#body,
        webSocket: response.#webSocket,
        url: response.#url,
        redirected: response.#redirected,
        type: response.#type,
        isCoded: response.#isCoded,
      };
    };
    mixInBody(this.prototype, {
      body: (self) => (self as Response).#body,
      contentType: (self) => headersValue((self as Response).#headersObject(), "content-type"),
    });
  }
}
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- as above
export interface Response extends BodyMixin {}
shapeInterface(Response, "Response");

/** Makes a response that came from elsewhere. */
export function responseOf(parts: ResponseParts): Response {
  return make(parts);
}

/** The insides of a response; undefined for anything else, by its brand. */
export function responseInsides(value: unknown): ResponseInsides | undefined {
  return insides(value);
}
