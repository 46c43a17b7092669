import { type ApiParts, cloudflareApi } from "../../../wrangler-compat/api/cloudflare-api.ts";
import { answerWith } from "../../../src/http/answer-with.ts";
import { type HttpListener, listenHttp } from "../../../src/http/listen-http.ts";
import { createHost, type Host, type HostOptions, type Permission } from "../../../src/index.ts";
import { WIDE_LIMITS } from "../../limits/wide-limits.ts";

/** Cloudflare's envelope, as clients read it. */
export interface Envelope {
  readonly status: number;
  readonly success: boolean;
  readonly errors: readonly { readonly code: number; readonly message: string }[];
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows the form of what it asks for
  readonly result: any;
  readonly result_info?: {
    readonly total_count: number;
    readonly total_pages: number;
    readonly count: number;
    readonly cursor: string;
  };
}

/** So that nothing is cut off on a machine that stands still for a while. */
const LONG_MS = 600_000;
const PATIENT = {
  headersTimeoutMs: LONG_MS,
  smallBodyTimeoutMs: LONG_MS,
  bodyIdleMs: LONG_MS,
  writeIdleMs: LONG_MS,
  keepAliveTimeoutMs: LONG_MS,
};

interface FixtureParts extends ApiParts {
  readonly hostOptions?: HostOptions;
}

/** A host with the API in front of it. */
export class ApiFixture implements AsyncDisposable {
  readonly host: Host;
  /** Answers a request as it comes. */
  readonly pass: (request: Request) => Promise<Response>;
  readonly token: string;
  #listener: HttpListener | undefined;

  private constructor(host: Host, parts: ApiParts) {
    this.host = host;
    this.token = this.tokenFor("acme");
    const address = { workersDomain: "localhost", workersScheme: "http", workersPort: 8787 } as const;
    this.pass = cloudflareApi({ control: host.control, ...address, ...parts });
  }

  /** The API as a function of requests. */
  static async make({ hostOptions, ...parts }: FixtureParts = {}): Promise<ApiFixture> {
    return new ApiFixture(await createHost({ limits: WIDE_LIMITS, ...hostOptions }), parts);
  }

  /** The API on a port of its own. */
  static async listen(parts: FixtureParts = {}): Promise<ApiFixture> {
    const fixture = await ApiFixture.make(parts);
    fixture.#listener = await listenHttp({
      handle: async (request) => await answerWith(request, fixture.pass),
      hostname: "127.0.0.1",
      port: 0,
      requestBodyBytes: 128 * 1024 * 1024,
      ...PATIENT,
    });
    return fixture;
  }

  /** Where it listens, if it does. */
  get port(): number {
    if (this.#listener === undefined) throw new Error("the API has no port of its own");
    return this.#listener.port;
  }

  tokenFor(account: string, permissions?: readonly Permission[]): string {
    const request = { name: "test", accounts: [account], ...(permissions && { permissions }) };
    return this.host.control.tokens.create(request).token;
  }

  async raw(
    method: string,
    path: string,
    init: RequestInit = {},
    token: string | null = this.token,
  ): Promise<Response> {
    const headers = new Headers(init.headers);
    if (token !== null) headers.set("authorization", `Bearer ${token}`);
    const url = `${this.#listener?.url ?? "http://api.test"}/client/v4${path}`;
    const request = new Request(url, { ...init, method, headers });
    return await (this.#listener === undefined ? this.pass(request) : fetch(request));
  }

  async ask(method: string, path: string, body?: unknown, token?: string | null): Promise<Envelope> {
    const init = body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) };
    const response = await this.raw(method, path, init, token);
    return { status: response.status, ...((await response.json()) as Omit<Envelope, "status">) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener?.close(0);
    await this.host.close();
  }
}

/** The form in which wrangler uploads a worker. */
export function uploadForm(code: string, metadata: Record<string, unknown> = {}): FormData {
  const form = new FormData();
  form.set("metadata", JSON.stringify({ main_module: "index.js", bindings: [], ...metadata }));
  form.set("index.js", new File([code], "index.js", { type: "application/javascript+module" }));
  return form;
}
