import { WebSocket, type ClientOptions } from "ws";

/** How a connection ended, as its client saw it. */
export interface SocketEnd {
  readonly code: number;
  readonly reason: string;
}

/** A client of a worker's WebSocket, by the `ws` package, that remembers what came. */
export class SocketClient implements AsyncDisposable {
  readonly socket: WebSocket;
  readonly closed: Promise<SocketEnd>;
  readonly received: (string | Buffer)[] = [];
  #waiting: (() => void) | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    socket.on("message", (data: Buffer, isBinary) => {
      this.received.push(isBinary ? data : data.toString());
      this.#waiting?.();
    });
    socket.on("error", () => {});
  }

  /** Connects to the worker behind a host name. Rejects with the status where there is no upgrade. */
  static async connect(
    port: number,
    host: string,
    options: ClientOptions = {},
    path = "/",
  ): Promise<SocketClient> {
    const { protocols = [], ...rest } = options as ClientOptions & { protocols?: string[] };
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, {
      ...rest,
      headers: { host, ...rest.headers },
    });
    const client = new SocketClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    return client;
  }

  /** The next message, waiting for it if need be. */
  async next(): Promise<string | Buffer> {
    while (this.received.length === 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve, reject) => {
        this.#waiting = resolve;
        timer = setTimeout(() => reject(new Error("no message came")), 120_000);
        void this.closed.then(({ code }) => reject(new Error(`closed with ${code} before a message came`)));
      }).finally(() => clearTimeout(timer));
      this.#waiting = undefined;
    }
    return this.received.shift()!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }
}
