import { cloudflareApi } from "../../wrangler-compat/api/cloudflare-api.ts";
import type { Host } from "../../src/index.ts";
import { answerWith } from "../../src/http/answer-with.ts";
import { type HttpListener, listenHttp } from "../../src/http/listen-http.ts";

/** Cloudflare's number for a path that is none of its API's. */
const NO_ROUTE = 7003;
const BODY_BYTES = 128 * 1024 * 1024;

/** One answer of the API that was none of success. */
export interface ApiFailure {
  readonly request: string;
  readonly status: number;
  readonly codes: readonly number[];
  readonly message: string;
}

/** The REST API of a host on a port, with what it could not do. */
export class RecordedApi implements AsyncDisposable {
  readonly failures: ApiFailure[] = [];
  /** What became of the last request of all; null if it went well. */
  last: ApiFailure | null = null;
  #listener: HttpListener | undefined;

  /** @param workersPort where the host answers for its workers */
  async open(host: Host, workersPort: number): Promise<string> {
    const options = { workersDomain: "localhost", workersScheme: "http", workersPort } as const;
    const api = cloudflareApi({ control: host.control, ...options });
    this.#listener = await listenHttp({
      handle: async (request) => await answerWith(request, async (asked) => await this.#record(asked, api)),
      hostname: "127.0.0.1",
      port: 0,
      requestBodyBytes: BODY_BYTES,
    });
    return `${this.#listener.url}/client/v4`;
  }

  get unrouted(): string[] {
    return this.failures.filter(({ codes }) => codes.includes(NO_ROUTE)).map(({ request }) => request);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener?.close(0);
  }

  async #record(request: Request, api: (request: Request) => Promise<Response>): Promise<Response> {
    const { pathname } = new URL(request.url);
    const response = await api(request);
    this.last = null;
    if (response.ok) return response;
    const text = await response.text();
    const errors = errorsOf(text);
    this.last = {
      request: `${request.method} ${pathname.replace("/client/v4", "")}`,
      status: response.status,
      codes: errors.map(({ code }) => code),
      message: errors.map(({ message }) => message).join("; "),
    };
    this.failures.push(this.last);
    return new Response(text, response);
  }
}

function errorsOf(text: string): { code: number; message: string }[] {
  try {
    return (JSON.parse(text) as { errors: { code: number; message: string }[] }).errors;
  } catch {
    return [];
  }
}
