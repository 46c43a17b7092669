import type { Socket } from "node:net";
import type { Dispatcher } from "undici";
import { INLINE_BODY_BYTES } from "../../runtime-api/contract/bounds.ts";
import { BodyKind } from "../../runtime-api/contract/flat.ts";
import type { Flat } from "../../runtime-api/contract/flat.ts";
import { type AccountNetwork, AccountNetworks } from "./account-networks.ts";
import { connectSocket } from "./connect-socket.ts";
import { canDecode, decodeBody } from "./decode-body.ts";
import { CONNECTION_LOST, EgressError } from "./egress-error.ts";
import { egressSettings } from "./egress-options.ts";
import type { EgressOptions, EgressSettings } from "./egress-options.ts";
import { FetchGates } from "./fetch-gates.ts";
import type { Places } from "./fetch-gates.ts";
import { checkedBody } from "./integrity.ts";
import type { Integrity } from "./integrity.ts";
import type { HeldBytes } from "./held-bytes.ts";
import { OriginExchange } from "./origin-exchange.ts";
import { decodedHeaders } from "./origin-head.ts";
import type { OriginHead } from "./origin-head.ts";
import { readOutboundRequest } from "./outbound-request.ts";
import type { EgressContext, OutboundRequest, RedirectMode } from "./outbound-request.ts";
import { followRedirect, isRedirect } from "./redirect.ts";
import { refererFor } from "./referrer.ts";
import { requestSource } from "./request-source.ts";
import { spell } from "./spelling.ts";
import { TotalTime } from "./total-time.ts";

/** What a fetch and its answer take of the host's loop, beside its body, in microseconds. */
const FETCH_US = 200;

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
 * @param spent hears what the decoding of bodies costs the host's threads for an account, and what fetches do where any may be held
 * @param heldMs how long an account has to wait before more fetches of it begin, in ms @default none is ever held
 * @throws {SkerryError} `INVALID_ADDRESS_RANGE` for a rule that is no address.
 * @example
 * const egress = createEgress({ allowAddresses: ["10.1.2.3"] });
 */
export function createEgress(
  options: EgressOptions = {},
  spent: (account: string, cpuUs: number) => void = () => {},
  heldMs?: (account: string) => number,
): Egress {
  return new UndiciEgress(egressSettings(options), spent, heldMs);
}

class UndiciEgress implements Egress {
  readonly #settings: EgressSettings;
  readonly #gates: FetchGates;
  readonly #networks: AccountNetworks;
  readonly #spent: (account: string, cpuUs: number) => void;
  /** What a fetch is charged, in microseconds. */
  readonly #fetchUs: number;
  readonly #sockets = new Set<Socket>();

  constructor(
    settings: EgressSettings,
    spent: (account: string, cpuUs: number) => void,
    heldMs?: (account: string) => number,
  ) {
    this.#settings = settings;
    this.#spent = spent;
    this.#fetchUs = heldMs === undefined ? 0 : FETCH_US;
    this.#gates = new FetchGates(settings, heldMs);
    this.#networks = new AccountNetworks(settings);
  }

  async fetch(args: readonly Flat[], context: EgressContext): Promise<readonly Flat[]> {
    const { redirect, integrity, ...request } = readOutboundRequest(args, context);
    let places: Places | null = null;
    try {
      this.#refuseLoop(context);
      places = await this.#gates.enter(context.account, context.event, context.signal);
      if (this.#fetchUs > 0) this.#spent(context.account, this.#fetchUs);
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
      const { connector } = this.#networks.get(context.account);
      return await connectSocket(args, context, connector, this.#settings, places, this.#sockets);
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
    await this.#networks.close();
  }

  async #follow(
    first: OutboundRequest,
    redirect: RedirectMode,
    integrity: Integrity | null,
    context: EgressContext,
    places: Places,
  ): Promise<readonly Flat[]> {
    const network = this.#networks.get(context.account);
    const total = new TotalTime(this.#settings.totalTimeoutMs);
    let request = first;
    let wasMisdirected = false;
    for (let hops = 0; ; hops += 1) {
      let exchange = this.#send(network, request, context, total);
      let head = await exchange.head;
      if (head.status === 421 && !wasMisdirected && !(request.body instanceof ReadableStream)) {
        // The origin has not looked at it: once more, on another connection.
        wasMisdirected = true;
        exchange.abort(new EgressError("TypeError", CONNECTION_LOST));
        exchange = this.#send(network, request, context, total);
        head = await exchange.head;
      }
      if (redirect === "manual" || !isRedirect(head.status) || head.location === null) {
        places.answered();
        void exchange.over.then(() => places.ended());
        return await this.#reply(exchange, head, { request, hops, integrity, context, held: network.held });
      }
      exchange.discard();
      if (redirect === "error")
        throw new EgressError("TypeError", "Cannot fetch: the origin answered with a redirect");
      if (hops >= this.#settings.maxRedirects)
        throw new EgressError("TypeError", "Cannot fetch: too many redirects");
      const next = followRedirect(request, head.status, head.location);
      if (redirect === "sameOrigin" && next.url.origin !== first.url.origin)
        throw new EgressError("TypeError", "Cannot fetch: a redirect leads to another origin");
      request = next;
    }
  }

  #send(
    network: AccountNetwork,
    request: OutboundRequest,
    { signal, limits }: EgressContext,
    total: TotalTime,
  ): OriginExchange {
    signal.throwIfAborted();
    const source = requestSource(request.body);
    const onAbort = (): void => exchange.abort(signal.reason);
    const exchange = new OriginExchange(this.#settings.headersTimeoutMs, limits.egressResponseBytes);
    const stop = total.watch(exchange);
    void exchange.over.then(() => {
      stop();
      signal.removeEventListener("abort", onAbort);
      source.cancel();
    });
    signal.addEventListener("abort", onAbort, { once: true });
    network.agent.dispatch(
      {
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method as Dispatcher.HttpMethod,
        headers: headersOf(request),
        body: source.body,
      },
      exchange,
    );
    return exchange;
  }

  async #reply(
    exchange: OriginExchange,
    head: OriginHead,
    { request, hops, integrity, context, held }: ReplyContext,
  ): Promise<readonly Flat[]> {
    const bodyless =
      request.method === "HEAD" || head.status === 204 || head.status === 205 || head.status === 304;
    const body = await exchange.body();
    if (bodyless || body === null) {
      if (body instanceof ReadableStream) await body.cancel();
      if (integrity !== null) await checkedBody(null, integrity, held);
      // An answer that could have a body has one, if an empty one.
      const [kind, empty] = bodyless ? [BodyKind.none, null] : [BodyKind.text, ""];
      return reply(head, head.headers, kind, empty, request, hops);
    }
    const coded = canDecode(head.encodings);
    const headers = coded ? decodedHeaders(head) : head.headers;
    const bounds = {
      maxBytes: context.limits.egressResponseBytes,
      freeBytes: this.#settings.freeExpansionBytes,
      held,
      spent: (cpuUs: number) => this.#spent(context.account, cpuUs),
    };
    let content = coded ? decodeBody(streamed(body), head.encodings, bounds) : body;
    if (integrity !== null) {
      try {
        content = await checkedBody(content, integrity, held);
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

/** What an answer is made from, beside the origin's. */
interface ReplyContext {
  readonly request: OutboundRequest;
  readonly hops: number;
  readonly integrity: Integrity | null;
  readonly context: EgressContext;
  readonly held: HeldBytes;
}

/** The headers of a hop. A `Referer` that the worker wrote itself stays as it is. */
function headersOf({ headers, referrer, spelling, url }: OutboundRequest): string[] {
  const given = [...headers];
  const value = referrer === null ? null : refererFor(referrer, url);
  if (value !== null && !headers.some((name, i) => i % 2 === 0 && name === "referer"))
    given.push("referer", value);
  return spell(given, spelling);
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
