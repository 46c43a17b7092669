import { blobBytes, blobOf } from "../form-data/late-forms.ts";
import { structuredClone } from "../clone/structured-clone.ts";
import { RUNTIME_SLOT } from "../contract/boot.ts";
import { Op } from "../contract/calls.ts";
import type { Flat } from "../contract/flat.ts";
import { SocketCode } from "../contract/sockets.ts";
import { DOMException } from "../dom-exception/dom-exception.ts";
import { utf8Length } from "../encoding/utf8-length.ts";
import { ErrorEvent } from "../events/error-event.ts";
import { Event } from "../events/event.ts";
import { dispatch, EventTarget, type EventListener, getHandler, setHandler } from "../events/event-target.ts";
import { MessageEvent } from "../events/message-event.ts";
import { io, type PendingCall } from "../io/io.ts";
import { arrayJoin } from "../primordials/array.ts";
import { bytesCopy, bytesOf, typedBuffer, typedLength } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { promiseThen } from "../primordials/promise.ts";
import { requireArguments, requireConstructorArguments } from "../webidl/arguments.ts";
import { toWellFormedText } from "../webidl/convert.ts";
import { closeArguments } from "./close-arguments.ts";
import { CloseEvent } from "./close-event.ts";
import { connectedSocket } from "./connected-socket.ts";
import type { SocketLink } from "./socket-link.ts";
import { socketOrigin, socketProtocols, socketUrl } from "./socket-url.ts";

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/** What the runtime does to WebSockets; tenants have no way to these. */
export interface WebSocketInternals {
  /** A WebSocket that its worker has to accept. @param protocol null for an end of a pair */
  make(link: SocketLink, protocol: string | null): WebSocket;
  isWebSocket(value: unknown): value is WebSocket;
  /** Takes it for a response. Throws a TypeError if it is not as it was made. */
  take(socket: WebSocket): SocketLink;
}

export let webSocketInternals: WebSocketInternals;

let seed: SocketLink | undefined;

/** A WebSocket: a client's (WebSockets, 3), or one that comes from a pair or a response to `fetch`. */
export class WebSocket extends EventTarget {
  #state = CONNECTING;
  #link: SocketLink | undefined;
  /** Whether the worker has to accept it first; such a one is not bound to the codes of clients. */
  readonly #accepts: boolean;
  #accepted = false;
  #taken = false;
  readonly #url: string | null = null;
  readonly #origin: string = "";
  #protocol: string | null = null;
  #binaryType: string;
  #call: PendingCall | undefined;
  /** Bytes that were sent after the end: they count as buffered for ever. */
  #wastedBytes = 0;
  #attachment: { readonly value: unknown } | undefined;

  constructor(url: string, protocols?: string | Iterable<string>) {
    super();
    this.#accepts = seed !== undefined;
    if (seed !== undefined) {
      this.#link = seed;
      this.#state = OPEN;
      // What workers expect of the sockets of servers; the standard's "blob" can be asked for.
      this.#binaryType = "arraybuffer";
      return;
    }
    this.#binaryType = "blob";
    requireConstructorArguments("WebSocket", arguments.length, 1);
    const text = toWellFormedText(url);
    const offered = protocols as unknown;
    this.#url = socketUrl(text);
    const list = socketProtocols(offered);
    this.#origin = socketOrigin(this.#url);
    this.#protocol = "";
    this.#connect(list);
  }

  get url(): string | null {
    return this.#url;
  }
  get readyState(): number {
    return this.#state;
  }
  get bufferedAmount(): number {
    return this.#wastedBytes + (this.#link?.bufferedBytes ?? 0);
  }
  get onopen(): EventListener | null {
    void this.#state;
    return getHandler(this, "open");
  }
  set onopen(callback: EventListener | null) {
    void this.#state;
    setHandler(this, "open", callback);
  }
  get onerror(): EventListener | null {
    void this.#state;
    return getHandler(this, "error");
  }
  set onerror(callback: EventListener | null) {
    void this.#state;
    setHandler(this, "error", callback);
  }
  get onclose(): EventListener | null {
    void this.#state;
    return getHandler(this, "close");
  }
  set onclose(callback: EventListener | null) {
    void this.#state;
    setHandler(this, "close", callback);
  }
  get extensions(): string | null {
    return this.#url === null && this.#protocol === null ? null : "";
  }
  get protocol(): string | null {
    return this.#protocol;
  }
  close(code?: number, reason?: string): void {
    void this.#state;
    const given = closeArguments(code, reason, !this.#accepts);
    this.#requireAccepted("close");
    if (this.#state >= CLOSING) return;
    const before = this.#state;
    this.#state = CLOSING;
    if (before === OPEN) (this.#link as SocketLink).close(given.code, given.reason);
    else this.#call?.cancel(new DOMException("The WebSocket was closed before it was open.", "AbortError"));
  }
  get onmessage(): EventListener | null {
    void this.#state;
    return getHandler(this, "message");
  }
  set onmessage(callback: EventListener | null) {
    void this.#state;
    setHandler(this, "message", callback);
  }
  get binaryType(): string {
    return this.#binaryType;
  }
  set binaryType(type: string) {
    void this.#state;
    const text = `${type}`;
    if (text === "blob" || text === "arraybuffer") this.#binaryType = text;
  }
  send(data: string | Blob | ArrayBuffer | ArrayBufferView): void {
    void this.#state;
    requireArguments("'send' on 'WebSocket'", arguments.length, 1);
    const bytes = blobBytes(data) ?? bytesOf(data);
    const message = bytes === undefined ? toWellFormedText(data) : bytesCopy(bytes);
    if (this.#state === CONNECTING) {
      throw new DOMException(
        "Failed to execute 'send' on 'WebSocket': it is still connecting.",
        "InvalidStateError",
      );
    }
    this.#requireAccepted("send");
    if (this.#state !== OPEN)
      this.#wastedBytes += typeof message === "string" ? utf8Length(message) : typedLength(message);
    else if (!(this.#link as SocketLink).send(message)) this.#state = CLOSING;
  }

  /** Begins to take messages, on a WebSocket that came from a pair or from `fetch`. */
  accept(options?: object): void {
    void options;
    if (!this.#accepts)
      throw new TypeErrorOf("A WebSocket that was made by its constructor cannot be accepted.");
    if (this.#taken) throw new TypeErrorOf("Can't accept() a WebSocket that was already used in a response.");
    if (this.#accepted) return;
    this.#accepted = true;
    (this.#link as SocketLink).listen(this.#listener());
  }
  /** Keeps a copy of a value with the WebSocket. Throws DataCloneError for what cannot be copied. */
  serializeAttachment(value: unknown): void {
    void this.#state;
    requireArguments("'serializeAttachment' on 'WebSocket'", arguments.length, 1);
    this.#attachment = { value: structuredClone(value) };
  }
  /** A copy of what {@link serializeAttachment} kept, or null. */
  deserializeAttachment(): unknown {
    return this.#attachment === undefined ? null : structuredClone(this.#attachment.value);
  }

  #requireAccepted(method: string): void {
    if (this.#taken)
      throw new TypeErrorOf(`Can't call ${method}() on a WebSocket that was used in a response.`);
    if (this.#accepts && !this.#accepted)
      throw new TypeErrorOf(`You must call accept() on this WebSocket before calling ${method}().`);
  }

  #connect(protocols: readonly string[]): void {
    const headers = protocols.length === 0 ? "" : `sec-websocket-protocol\n${arrayJoin(protocols, ", ")}`;
    const call = io.call(RUNTIME_SLOT, Op.connect, [this.#url as string, headers, protocols.length > 0]);
    this.#call = call;
    void promiseThen(
      call.promise,
      (reply) => this.#answered(reply),
      () => this.#over(SocketCode.lost, "", false),
    );
  }

  #answered(reply: readonly Flat[]): void {
    this.#call = undefined;
    const connected = connectedSocket(reply);
    if (connected === undefined) return this.#over(SocketCode.lost, "", false);
    this.#link = connected.link;
    this.#protocol = connected.protocol;
    this.#state = OPEN;
    dispatch(this, new Event("open"));
    connected.link.listen(this.#listener());
  }

  #listener(): {
    message(data: string | Uint8Array): void;
    close(code: number, reason: string, wasClean: boolean): void;
  } {
    return {
      message: (data) => this.#message(data),
      close: (code, reason, wasClean) => this.#over(code, reason, wasClean),
    };
  }

  #message(message: string | Uint8Array): void {
    if (this.#state !== OPEN) return;
    const data =
      typeof message === "string"
        ? message
        : this.#binaryType === "blob"
          ? blobOf(message as Uint8Array<ArrayBuffer>, "")
          : typedBuffer(message);
    dispatch(this, new MessageEvent("message", { data, origin: this.#origin }));
  }

  #over(code: number, reason: string, wasClean: boolean): void {
    if (this.#state === CLOSED) return;
    this.#call = undefined;
    this.#state = CLOSED;
    if (!wasClean)
      dispatch(this, new ErrorEvent("error", { message: "WebSocket connection failed or was lost." }));
    dispatch(this, new CloseEvent("close", { code, reason, wasClean }));
  }

  static {
    const constants = ["CONNECTING", "OPEN", "CLOSING", "CLOSED"];
    for (let i = 0; i < constants.length; i++) {
      const descriptor = dataDescriptor(i, true, false, false);
      const name = constants[i] as string;
      objectDefineProperty(this, name, descriptor);
      objectDefineProperty(this.prototype, name, descriptor);
      // Cloudflare's older names, which code for Workers has.
      objectDefineProperty(this, `READY_STATE_${name}`, descriptor);
      objectDefineProperty(this.prototype, `READY_STATE_${name}`, descriptor);
    }
    webSocketInternals = {
      make(link, protocol) {
        seed = link;
        try {
          const socket = new WebSocket("");
          socket.#protocol = protocol;
          return socket;
        } finally {
          seed = undefined;
        }
      },
      isWebSocket: (value): value is WebSocket =>
        typeof value === "object" && value !== null && #wastedBytes in value,
      take(socket) {
        if (!socket.#accepts)
          throw new TypeErrorOf("A WebSocket that was made by its constructor cannot be used in a response.");
        if (socket.#accepted)
          throw new TypeErrorOf("Can't return a WebSocket in a Response after calling accept().");
        if (socket.#taken) throw new TypeErrorOf("Can't use a WebSocket in more than one response.");
        socket.#taken = true;
        return socket.#link as SocketLink;
      },
    };
  }
}
