import { type ApiParts, cloudflareApi } from "../../../wrangler-compat/api/cloudflare-api.ts";
import { createHost, type Host, type Permission } from "../../../src/index.ts";

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

/** A host with the API in front of it. */
export class ApiFixture implements AsyncDisposable {
  readonly host: Host;
  /** Answers a request as it comes. */
  readonly pass: (request: Request) => Promise<Response>;
  readonly token: string;

  private constructor(host: Host, parts: ApiParts) {
    this.host = host;
    this.token = this.tokenFor("acme");
    const address = { workersDomain: "localhost", workersScheme: "http", workersPort: 8787 } as const;
    this.pass = cloudflareApi({ control: host.control, ...address, ...parts });
  }

  static async make(parts: ApiParts = {}): Promise<ApiFixture> {
    return new ApiFixture(await createHost(), parts);
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
    return await this.pass(new Request(`http://api.test/client/v4${path}`, { ...init, method, headers }));
  }

  async ask(method: string, path: string, body?: unknown, token?: string | null): Promise<Envelope> {
    const init = body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) };
    const response = await this.raw(method, path, init, token);
    return { status: response.status, ...((await response.json()) as Omit<Envelope, "status">) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
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
