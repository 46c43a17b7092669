import { abortInternals, type AbortSignal } from "../abort/abort-signal.ts";
import { DOMException } from "../dom-exception/dom-exception.ts";
import { TextDecoder } from "../encoding/text-decoder.ts";
import { TextEncoder } from "../encoding/text-encoder.ts";
import { Event } from "../events/event.ts";
import { dispatch, EventTarget, type EventListener, getHandler, setHandler } from "../events/event-target.ts";
import { messageEvent } from "../events/message-event.ts";
import { bodyStream } from "../fetch/body.ts";
import { fetch } from "../fetch/fetch.ts";
import { Request } from "../fetch/request.ts";
import { responseInsides } from "../fetch/response.ts";
import { io } from "../io/io.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import {
  stringFromCharCode,
  stringIndexOf,
  stringSlice,
  stringSplit,
  stringToLowerCase,
  stringTrim,
} from "../primordials/string.ts";
import { uncurry } from "../primordials/uncurry.ts";
import { mathMin } from "../primordials/values.ts";
import {
  type ByteStream,
  isLocked,
  isReadableStream,
  readerRead,
  streamReader,
} from "../streams/stream-state.ts";
import { URL } from "../url/url.ts";
import { dictionary, requireArguments, requireConstructorArguments } from "../webidl/arguments.ts";
import { toWellFormedText } from "../webidl/convert.ts";
import { EventStreamParser } from "./event-stream-parser.ts";

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;
/** Time until the next attempt, unless the server asks for another, and the longest that it may ask for. */
const RETRY_MS = 3_000;
const LONGEST_RETRY_MS = 24 * 60 * 60 * 1_000;

const decode = uncurry(TextDecoder.prototype.decode) as (
  self: TextDecoder,
  bytes: Uint8Array,
  options: { stream: boolean },
) => string;
const encode = uncurry(TextEncoder.prototype.encode) as (self: TextEncoder, text: string) => Uint8Array;

/** The stream of the source that `from` makes; the constructor then sends no request. */
let given: ByteStream | undefined;

/**
 * Events that a server sends over a response that does not end. It belongs to the event that made it, and is
 * over with it; while it waits for the server or for its next attempt, the event is not hung. HTML, 9.2.
 */
export class EventSource extends EventTarget {
  readonly #url: string;
  readonly #withCredentials: boolean;
  #state = CONNECTING;
  #lastEventId = "";
  #retryMs = RETRY_MS;
  /** Aborts the request of the moment. */
  #signal: AbortSignal | undefined;
  #timer: number | undefined;

  /**
   * @throws DOMException SyntaxError for a URL that does not parse: there is no document for it to be relative to
   * @throws Error in the global scope, where nothing may be fetched
   */
  constructor(url: string | URL, init: { withCredentials?: boolean } = {}) {
    requireConstructorArguments("EventSource", arguments.length, 1);
    super();
    const text = toWellFormedText(url);
    this.#withCredentials = Boolean(dictionary(init, "The second argument of 'EventSource'").withCredentials);
    const stream = given;
    given = undefined;
    if (stream !== undefined) {
      this.#url = "";
      this.#state = OPEN;
      void this.#follow(stream, "");
      return;
    }
    const parsed = URL.parse(text);
    if (parsed === null)
      throw new DOMException(
        `Cannot open an EventSource to "${text}": the URL does not parse.`,
        "SyntaxError",
      );
    io.requireEvent();
    this.#url = parsed.href;
    void this.#connect();
  }

  /** A source whose events come from a stream of bytes that is there already, as Cloudflare has it. */
  static from(stream: ByteStream): EventSource {
    requireArguments("'from' on 'EventSource'", arguments.length, 1);
    if (!isReadableStream(stream))
      throw new TypeErrorOf(
        "Failed to execute 'from' on 'EventSource': the argument is not a ReadableStream.",
      );
    if (isLocked(stream))
      throw new TypeErrorOf("Failed to execute 'from' on 'EventSource': the stream is locked.");
    given = stream;
    return new EventSource("");
  }

  get url(): string {
    return this.#url;
  }
  get withCredentials(): boolean {
    return this.#withCredentials;
  }
  get readyState(): number {
    return this.#state;
  }
  get onopen(): EventListener | null {
    void this.#state;
    return getHandler(this, "open");
  }
  set onopen(callback: EventListener | null) {
    void this.#state;
    setHandler(this, "open", callback);
  }
  get onmessage(): EventListener | null {
    void this.#state;
    return getHandler(this, "message");
  }
  set onmessage(callback: EventListener | null) {
    void this.#state;
    setHandler(this, "message", callback);
  }
  get onerror(): EventListener | null {
    void this.#state;
    return getHandler(this, "error");
  }
  set onerror(callback: EventListener | null) {
    void this.#state;
    setHandler(this, "error", callback);
  }
  close(): void {
    this.#state = CLOSED;
    const signal = this.#signal;
    this.#signal = undefined;
    if (signal !== undefined) abortInternals.abort(signal, undefined);
    if (this.#timer !== undefined) io.clearTimer(this.#timer);
    this.#timer = undefined;
  }

  async #connect(): Promise<void> {
    const signal = (this.#signal = abortInternals.make());
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream", "Cache-Control": "no-cache" };
      if (this.#lastEventId !== "") headers["Last-Event-ID"] = asBytes(this.#lastEventId);
      const response = await fetch(new Request(this.#url, { headers, cache: "no-store", signal }));
      if (this.#state === CLOSED) return;
      const insides = responseInsides(response);
      if (insides?.status !== 200 || insides.body === null || !isEventStream(insides.headers)) {
        this.#fail();
        return;
      }
      this.#state = OPEN;
      dispatch(this, new Event("open"));
      if (this.#isClosed()) return;
      await this.#follow(bodyStream(insides.body), new URL(response.url).origin);
    } catch {
      this.#reconnect();
    }
  }

  /** Reads a stream to its end, and tells of its events. */
  async #follow(stream: ByteStream, origin: string): Promise<void> {
    const decoder = new TextDecoder();
    const parser = new EventStreamParser(
      {
        event: (type, data, lastEventId) => {
          this.#lastEventId = lastEventId;
          if (data !== undefined) dispatch(this, messageEvent(type, data, { origin, lastEventId }));
        },
        retry: (delayMs) => {
          this.#retryMs = mathMin(delayMs, LONGEST_RETRY_MS);
        },
      },
      this.#lastEventId,
    );
    const goesOn = (): boolean => this.#state === OPEN;
    try {
      const reader = streamReader(stream);
      while (goesOn()) {
        const { done, value } = await readerRead(reader);
        if (done) break;
        if (!parser.push(decode(decoder, value as Uint8Array, { stream: true }), goesOn)) {
          this.#fail();
          return;
        }
      }
    } catch {
      // A connection that breaks is one that ends.
    }
    this.#reconnect();
  }

  #isClosed(): boolean {
    return this.#state === CLOSED;
  }

  /** The server is not one of event streams: there is no further attempt. */
  #fail(): void {
    if (this.#state === CLOSED) return;
    this.close();
    dispatch(this, new Event("error"));
  }

  #reconnect(): void {
    if (this.#state === CLOSED) return;
    if (this.#url === "") {
      this.#fail();
      return;
    }
    this.#state = CONNECTING;
    dispatch(this, new Event("error"));
    if (this.#isClosed()) return;
    try {
      this.#timer = io.setTimer(() => {
        this.#timer = undefined;
        void this.#connect();
      }, this.#retryMs);
    } catch {
      this.#fail();
    }
  }

  static {
    const states = { CONNECTING, OPEN, CLOSED };
    for (const name in states) {
      const value = dataDescriptor(states[name as keyof typeof states], true, false, false);
      objectDefineProperty(this, name, value);
      objectDefineProperty(this.prototype, name, value);
    }
  }
}

function isEventStream(headers: string): boolean {
  const lines = stringSplit(headers, "\n");
  for (let i = 0; i + 1 < lines.length; i += 2) {
    if (stringToLowerCase(lines[i] as string) !== "content-type") continue;
    const value = lines[i + 1] as string;
    const end = stringIndexOf(value, ";");
    return (
      stringToLowerCase(stringTrim(end < 0 ? value : stringSlice(value, 0, end))) === "text/event-stream"
    );
  }
  return false;
}

/** A text as the characters that stand for its UTF-8 bytes, which is what a header holds. */
function asBytes(text: string): string {
  const bytes = encode(new TextEncoder(), text);
  let value = "";
  for (let i = 0; i < bytes.length; i++) value += stringFromCharCode(bytes[i] as number);
  return value;
}
