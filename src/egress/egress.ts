import type { Socket } from "node:net";
import { Agent } from "undici";
import type { buildConnector, Dispatcher } from "undici";
import { INLINE_BODY_BYTES } from "../../runtime-api/contract/bounds.ts";
import { BodyKind } from "../../runtime-api/contract/flat.ts";
import type { Flat } from "../../runtime-api/contract/flat.ts";
import { createAddressPolicy } from "./address-policy.ts";
import { connectSocket } from "./connect-socket.ts";
import { createConnector } from "./connector.ts";
import { canDecode, decodeBody } from "./decode-body.ts";
import { EgressError } from "./egress-error.ts";
import { egressSettings } from "./egress-options.ts";
import type { EgressOptions, EgressSettings } from "./egress-options.ts";
import { FetchGates } from "./fetch-gates.ts";
import type { Places } from "./fetch-gates.ts";
import { checkedBody } from "./integrity.ts";
import type { Integrity } from "./integrity.ts";
import { OriginExchange } from "./origin-exchange.ts";
import { withoutCoding } from "./origin-head.ts";
import type { OriginHead } from "./origin-head.ts";
import { readOutboundRequest } from "./outbound-request.ts";
import type { EgressContext, OutboundRequest, RedirectMode } from "./outbound-request.ts";
import { followRedirect, isRedirect } from "./redirect.ts";
import { requestSource } from "./request-source.ts";
import { SystemResolver } from "./resolver.ts";

/** The way out: workers' fetches to the network. */
export interface Egress {
  /**
   * Answers a `fetch` call, see `runtime-api/contract/calls.ts` for arguments and answer.
   *
   * @throws {EgressError} for all that the worker shall see; the signal's reason if it aborts.
   */
  fetch(args: readonly Flat[], context: EgressContext): Promise<readonly Flat[]>;
  /**
   * Answers a `connect` call: a WebSocket, held to the rules of fetches, or the server's answer if it refuses.
   *
   * @throws as {@link fetch}
   */
  connect(args: readonly Flat[], context: EgressContext): Promise<readonly Flat[]>;
  /** Ends all fetches and connections. */
  close(): Promise<void>;
}

/**
 * Makes the way out for all workers of a host.
 *
 * @throws {SkerryError} `INVALID_ADDRESS_RANGE` for a rule that is no address.
 * @example
 * const egress = createEgress({ allowAddresses: ["10.1.2.3"] });
 */
export function createEgress(options: EgressOptions = {}): Egress {
  return new UndiciEgress(egressSettings(options));
}

class UndiciEgress implements Egress {
  readonly #settings: EgressSettings;
  readonly #gates: FetchGates;
  readonly #connector: buildConnector.connector;
  readonly #agent: Agent;
  readonly #sockets = new Set<Socket>();

  constructor(settings: EgressSettings) {
    this.#settings = settings;
    this.#gates = new FetchGates(settings);
    const resolve = settings.resolve ?? new SystemResolver().resolve;
    this.#connector = createConnector(createAddressPolicy(settings), resolve, settings);
    this.#agent = new Agent({
      connect: this.#connector,
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 60_000,
      headersTimeout: settings.headersTimeoutMs,
      bodyTimeout: settings.bodyIdleMs,
      maxHeaderSize: settings.maxResponseHeaderBytes,
    });
  }

  async fetch(args: readonly Flat[], context: EgressContext): Promise<readonly Flat[]> {
    const { redirect, integrity, ...request } = readOutboundRequest(args, context);
    let places: Places | null = null;
    try {
      this.#refuseLoop(context);
      places = await this.#gates.enter(context.account, context.event, context.signal);
      return await this.#follow(request, redirect, integrity, context, places);
    } catch (error) {
      places?.ended();
      if (request.body instanceof ReadableStream && !request.body.locked)
        request.body.cancel(error).catch(() => {});
      throw error;
    }
  }

  async connect(args: readonly Flat[], context: EgressContext): Promise<readonly Flat[]> {
    this.#refuseLoop(context);
    const places = await this.#gates.enter(context.account, context.event, context.signal);
    try {
      return await connectSocket(args, context, this.#connector, this.#settings, places, this.#sockets);
    } catch (error) {
      places.ended();
      throw error;
    }
  }

  #refuseLoop({ depth = 0 }: EgressContext): void {
    if (depth < this.#settings.maxDepth) return;
    throw new EgressError(
      "TypeError",
      "Cannot fetch: the request went through too many workers, which looks like a loop",
    );
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.#agent.destroy();
  }

  async #follow(
    first: OutboundRequest,
    redirect: RedirectMode,
    integrity: Integrity | null,
    context: EgressContext,
    places: Places,
  ): Promise<readonly Flat[]> {
    let request = first;
    for (let hops = 0; ; hops += 1) {
      const exchange = this.#send(request, context.signal);
      const head = await exchange.head;
      if (redirect === "manual" || !isRedirect(head.status) || head.location === null) {
        places.answered();
        void exchange.over.then(() => places.ended());
        return await this.#reply(exchange, head, request, hops, integrity, context);
      }
      exchange.discard();
      if (redirect === "error")
        throw new EgressError("TypeError", "Cannot fetch: the origin answered with a redirect");
      if (hops >= this.#settings.maxRedirects)
        throw new EgressError("TypeError", "Cannot fetch: too many redirects");
      request = followRedirect(request, head.status, head.location);
    }
  }

  #send(request: OutboundRequest, signal: AbortSignal): OriginExchange {
    signal.throwIfAborted();
    const source = requestSource(request.body);
    const onAbort = (): void => exchange.abort(signal.reason);
    const exchange = new OriginExchange(this.#settings.headersTimeoutMs);
    void exchange.over.then(() => {
      signal.removeEventListener("abort", onAbort);
      source.cancel();
    });
    signal.addEventListener("abort", onAbort, { once: true });
    this.#agent.dispatch(
      {
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method as Dispatcher.HttpMethod,
        headers: [...request.headers],
        body: source.body,
      },
      exchange,
    );
    return exchange;
  }

  async #reply(
    exchange: OriginExchange,
    head: OriginHead,
    request: OutboundRequest,
    hops: number,
    integrity: Integrity | null,
    context: EgressContext,
  ): Promise<readonly Flat[]> {
    const bodyless =
      request.method === "HEAD" || head.status === 204 || head.status === 205 || head.status === 304;
    const body = await exchange.body();
    if (bodyless || body === null) {
      if (body instanceof ReadableStream) await body.cancel();
      if (integrity !== null) await checkedBody(null, integrity);
      return reply(head, head.headers, BodyKind.none, null, request, hops);
    }
    const coded = canDecode(head.encodings);
    const headers = coded ? withoutCoding(head.headers) : head.headers;
    let content = coded ? decodeBody(streamed(body), head.encodings) : body;
    if (integrity !== null) {
      try {
        content = await checkedBody(content, integrity);
      } catch (error) {
        exchange.abort(error);
        throw error;
      }
    }
    if (content instanceof Uint8Array && content.byteLength <= INLINE_BODY_BYTES)
      return reply(head, headers, BodyKind.bytes, content, request, hops);
    return reply(head, headers, BodyKind.stream, context.openStream(streamed(content)), request, hops);
  }
}

function reply(
  head: OriginHead,
  headers: string,
  kind: BodyKind,
  body: Flat,
  request: OutboundRequest,
  hops: number,
): readonly Flat[] {
  return [head.status, head.statusText, headers, kind, body, request.url.href, hops > 0];
}

function streamed(body: Uint8Array | ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  if (body instanceof ReadableStream) return body;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        controller.enqueue(body);
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
