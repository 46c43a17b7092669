import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/** Passes connections on, and cuts one of them in the middle of the next answer when it is told to. */
export class CuttingProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut: { readonly passed: number; readonly done: () => void } | null = null;

  private constructor(port: number) {
    this.#server = createServer((client) => this.#join(client, connect(port, "127.0.0.1")));
  }

  /** @param port where connections lead */
  static async to(port: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(port);
    await new Promise<void>((done) => proxy.#server.listen(0, "127.0.0.1", done));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /**
   * The next answer ends after some bytes, with a reset.
   * @param passed bytes that the client gets of it
   * @returns when that happened
   */
  cutAfter(passed: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#cut = { passed, done: resolve };
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((done) => this.#server.close(() => done()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #join(client: Socket, host: Socket): void {
    for (const [socket, other] of [
      [client, host],
      [host, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    client.pipe(host);
    host.on("data", (bytes: Buffer) => {
      const cut = this.#cut;
      if (cut === null) return void client.write(bytes);
      this.#cut = null;
      const end = (): void => {
        client.resetAndDestroy();
        cut.done();
      };
      if (cut.passed === 0) end();
      else client.write(bytes.subarray(0, cut.passed), end);
    });
  }
}
