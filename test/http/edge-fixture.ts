import { connect } from "node:net";
import type { Socket } from "node:net";
import type { EdgeRequest, EdgeResponse } from "../../src/dispatch/edge.ts";
import { listenHttp } from "../../src/http/listen-http.ts";
import type { HttpListener } from "../../src/http/listen-http.ts";
import type { HttpOptions } from "../../src/http/http-options.ts";

/** A listener that closes at the end of its scope. */
export async function listen(
  handle: (request: EdgeRequest) => Promise<Partial<EdgeResponse>> | Partial<EdgeResponse>,
  options: Partial<HttpOptions> = {},
): Promise<HttpListener & AsyncDisposable> {
  const listener = await listenHttp({
    checkIntervalMs: 50,
    ...options,
    handle: async (request) => answer(await handle(request)),
  });
  return Object.assign(Object.create(listener) as HttpListener, {
    [Symbol.asyncDispose]: () => listener.close(0),
  });
}

export function answer(parts: Partial<EdgeResponse> = {}): EdgeResponse {
  return { status: 200, statusText: "", headers: "", body: null, outcome: "ok", ...parts };
}

/** A client socket that keeps what it is sent. */
export class RawClient implements Disposable {
  readonly socket: Socket;
  received = "";
  readonly closed: Promise<void>;

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.on("data", (data) => {
      this.received += data.toString("latin1");
    });
    this.socket.on("error", () => {});
    this.closed = new Promise((resolve) => this.socket.on("close", () => resolve()));
  }

  send(text: string): void {
    this.socket.write(text, "latin1");
  }

  /** Waits until what was received matches. */
  async until(pattern: RegExp, timeoutMs = 120_000): Promise<string> {
    const endMs = performance.now() + timeoutMs;
    while (!pattern.test(this.received)) {
      if (performance.now() > endMs || this.socket.destroyed) {
        throw new Error(`no ${pattern} in ${JSON.stringify(this.received.slice(0, 500))}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.received;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** Sends bytes and gives all that comes back until the server hangs up. */
export async function exchange(port: number, text: string): Promise<string> {
  using client = new RawClient(port);
  client.send(text);
  await Promise.race([
    client.closed,
    new Promise((_, reject) =>
      setTimeout(() => reject(new Error(`not closed: ${client.received}`)), 120_000).unref(),
    ),
  ]);
  return client.received;
}

/** A header's value in the flat form; null where it is not there, the first where there are many. */
export function header(headers: string, name: string): string | null {
  const parts = headers.split("\n");
  for (let i = 0; i + 1 < parts.length; i += 2) if (parts[i] === name) return parts[i + 1]!;
  return null;
}
