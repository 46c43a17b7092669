import { createServer, ServerResponse } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { endStep, stepsOf } from "../clock/request-steps.ts";
import { ownPorts } from "../egress/own-ports.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import { ClientCount } from "./client-count.ts";
import { Connection } from "./connection.ts";
import { closeGently } from "./close-gently.ts";
import { Deadlines } from "./deadlines.ts";
import { DirectConnection } from "./direct-connection.ts";
import { Exchange } from "./exchange.ts";
import { httpSettings } from "./http-options.ts";
import type { HttpOptions, HttpSettings } from "./http-options.ts";
import { Peer } from "./peer.ts";
import { readHead } from "./request-head.ts";
import type { Refusal } from "./request-head.ts";
import { TrustedProxies } from "./trusted-proxies.ts";
import { asksToSwitch, isUpgrade, Upgrade } from "./upgrade.ts";

/** A listening socket for HTTP/1.1. */
export interface HttpListener {
  readonly port: number;
  /** `http://host:port`, without a slash at its end. */
  readonly url: string;
  /** Connections that are open. */
  readonly connections: number;
  /**
   * Takes no new connection, lets requests that are under way end, and cuts what is left after
   * `graceMs`. Resolves when all connections are gone.
   */
  close(graceMs: number): Promise<void>;
}

/**
 * Listens for HTTP/1.1 requests and has each well-formed one answered by `handle`.
 *
 * @throws {SkerryError} `LISTEN_FAILED` if the address cannot be had; `INVALID_ADDRESS_RANGE` for a
 * trusted proxy that is no address.
 * @example
 * const listener = await listenHttp({ handle, port: 8080 });
 * await listener.close(10_000);
 */
export async function listenHttp(options: HttpOptions): Promise<HttpListener> {
  const settings = httpSettings(options);
  const edge = new HttpEdge(settings);
  const port = await edge.listen();
  const host = settings.hostname.includes(":") ? `[${settings.hostname}]` : settings.hostname;
  return {
    port,
    url: `http://${host}:${port}`,
    get connections() {
      return edge.connections;
    },
    close: (graceMs) => edge.close(graceMs),
  };
}

class HttpEdge {
  readonly #settings: HttpSettings;
  readonly #server: Server;
  readonly #proxies: TrustedProxies;
  readonly #deadlines: Deadlines;
  readonly #connections = new Map<Socket, Connection | DirectConnection>();
  /** Has Node read from a connection. */
  readonly #attach: (socket: Socket) => void;
  readonly #clients: ClientCount;
  #draining = false;
  /** Gives the port back: until then workers cannot connect to it. */
  #release: () => void = () => {};

  constructor(settings: HttpSettings) {
    this.#settings = settings;
    this.#proxies = new TrustedProxies(settings.trustedProxies);
    this.#deadlines = new Deadlines(settings.checkIntervalMs);
    this.#clients = new ClientCount(settings.maxConnectionsPerAddress);
    const server = createServer({
      insecureHTTPParser: false,
      joinDuplicateHeaders: false,
      requireHostHeader: false, // checked with the rest of the head, where it gets the same page
      maxHeaderSize: settings.maxHeaderBytes,
      headersTimeout: settings.headersTimeoutMs,
      requestTimeout: 0, // a long upload is no attack; deadlines of the body take its place
      connectionsCheckingInterval: settings.checkIntervalMs,
      keepAliveTimeout: settings.keepAliveTimeoutMs,
      noDelay: true,
      shouldUpgradeCallback: isUpgrade,
    });
    server.timeout = 0;
    server.maxHeadersCount = 0; // Node would drop the rest in silence; the head's check refuses instead
    server.maxRequestsPerSocket = settings.maxRequestsPerSocket;
    server.maxConnections = settings.maxConnections;
    // Node would read from each connection as it comes; it does from those that are given to it.
    const [attach] = server.listeners("connection");
    server.removeAllListeners("connection");
    this.#attach = (socket) => {
      attach?.call(server, socket);
    };
    server.on("connection", (socket: Socket) => this.#connect(socket));
    server.on("request", (message, response) => stepsOf(() => this.#serve(message, response, false)));
    server.on("checkContinue", (message, response) => this.#serve(message, response, true));
    server.on("checkExpectation", (message, response) => {
      this.#serve(message, response, false, { status: 417, title: "Expectation failed" });
    });
    server.on("upgrade", (message, socket, head) => this.#upgrade(message, socket as Socket, head));
    server.on("connect", (_message, socket) => {
      const connection = this.#connectionOf(socket as Socket);
      if (connection === null) socket.destroy();
      else connection.refuseTunnel();
    });
    server.on("clientError", (error, socket) => {
      const connection = this.#connectionOf(socket as Socket);
      if (connection === null) socket.destroy();
      else connection.malformed(error);
    });
    this.#server = server;
  }

  get connections(): number {
    return this.#connections.size;
  }

  listen(): Promise<number> {
    const { hostname, port } = this.#settings;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#server.once("error", (cause: NodeJS.ErrnoException) => {
      this.#deadlines.close();
      reject(
        new SkerryError(
          "LISTEN_FAILED",
          `Cannot listen on ${hostname}:${port}: ${cause.code ?? cause.message}`,
          { cause },
        ),
      );
    });
    this.#server.listen({ host: hostname, port }, () => {
      const { port: taken } = this.#server.address() as AddressInfo;
      this.#release = ownPorts.claim(taken);
      resolve(taken);
    });
    return promise;
  }

  async close(graceMs: number): Promise<void> {
    this.#draining = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    for (const connection of this.#connections.values()) connection.drain();
    const timer = setTimeout(() => {
      for (const socket of this.#connections.keys()) socket.destroy();
    }, graceMs);
    await promise;
    clearTimeout(timer);
    this.#deadlines.close();
    this.#release();
  }

  #connect(socket: Socket): void {
    const peer = new Peer(socket.remoteAddress ?? "", "http", this.#proxies);
    const leave = peer.trusted ? () => {} : this.#clients.enter(peer.address);
    if (leave === null) return void socket.destroy();
    const takeOver = (bytes: Buffer): void => this.#giveToNode(socket, peer, bytes);
    const direct = new DirectConnection(socket, peer, this.#settings, this.#deadlines, takeOver);
    this.#connections.set(socket, direct);
    socket.on("close", () => {
      this.#connections.delete(socket);
      leave();
    });
  }

  /** From now on Node reads from a connection, these bytes first. */
  #giveToNode(socket: Socket, peer: Peer, bytes: Buffer): void {
    this.#connections.set(socket, new Connection(socket, peer, this.#settings.maxPipelined));
    socket.pause();
    this.#attach(socket);
    socket.unshift(bytes);
    socket.resume();
  }

  #connectionOf(socket: Socket): Connection | null {
    const connection = this.#connections.get(socket);
    return connection instanceof Connection ? connection : null;
  }

  #serve(
    message: IncomingMessage,
    response: ServerResponse,
    waitsForContinue: boolean,
    refusal: Refusal | null = null,
  ): void {
    const connection = this.#connectionOf(message.socket);
    if (connection === null) return void message.socket.destroy();
    const exchange = new Exchange(message, response, this.#settings, this.#deadlines, {
      waitsForContinue,
      onRefused: () => connection.refused(),
    });
    if (!connection.begin(exchange)) return;
    response.on("error", () => {}); // the socket's close tells all that there is to tell
    response.on("finish", () => {
      connection.finish(exchange);
      if (this.#draining) this.#server.closeIdleConnections();
    });
    // Node loses what came in one piece with a request for an upgrade that is not made.
    if (this.#draining || asksToSwitch(message)) exchange.closeAfter();
    const head = refusal ?? readHead(message, connection.peer, this.#settings);
    endStep("read");
    if ("url" in head) connection.run(() => exchange.run(head));
    else exchange.refuse(head);
  }

  /** A handshake: Node has taken its hands off the connection, and gives no response to answer with. */
  #upgrade(message: IncomingMessage, socket: Socket, head: Uint8Array): void {
    const connection = this.#connectionOf(socket);
    // Answers to earlier requests could not be told from messages.
    if (connection === null || connection.isBusy || this.#draining) return void socket.destroy();
    socket.on("error", () => {}); // the socket's close tells all that there is to tell
    socket.setTimeout(0);
    const response = new ServerResponse(message);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    socket.on("drain", () => response.emit("drain"));
    const exchange: Exchange = new Exchange(message, response, this.#settings, this.#deadlines, {
      waitsForContinue: false,
      onRefused: () => connection.refused(),
      upgrade: new Upgrade(message, socket, head, (wire) => connection.switched(exchange, wire)),
    });
    if (!connection.begin(exchange)) return;
    response.on("finish", () => {
      connection.finish(exchange);
      response.detachSocket(socket);
      closeGently(socket);
      socket.destroySoon();
    });
    const asked = readHead(message, connection.peer, this.#settings);
    if ("url" in asked) void exchange.run(asked);
    else exchange.refuse(asked);
  }
}
