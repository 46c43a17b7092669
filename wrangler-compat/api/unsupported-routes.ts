import { accountOf, type ApiApp, type ApiRequest } from "./api-context.ts";
import { ApiError, Code } from "./api-error.ts";
import { page, success } from "./envelope.ts";

/** What Cloudflare has and this host has not, by the path below an account. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  "/d1/*": "D1 databases",
  "/r2/*": "R2 buckets",
  "/queues": "Queues",
  "/queues/*": "Queues",
  "/workflows": "Workflows",
  "/workflows/*": "Workflows",
  "/workers/dispatch/*": "dispatch namespaces",
  "/workers/durable_objects/*": "Durable Objects",
  "/hyperdrive/*": "Hyperdrive",
  "/vectorize/*": "Vectorize",
  "/secrets_store/*": "Secrets Store",
  "/pages/*": "Pages projects",
  "/pipelines/*": "Pipelines",
  "/containers/*": "Containers",
};

/** Lists of what is not there are empty; anything else says what is missing. */
export function addUnsupportedRoutes(app: ApiApp): void {
  for (const [path, what] of Object.entries(UNSUPPORTED)) {
    const refuse = (context: ApiRequest): Response => {
      accountOf(context, "read");
      const { page: number, name } = context.req.query();
      // Who looks for one of a name would be told to make it.
      if (context.req.method === "GET" && number !== undefined && name === undefined)
        return page([], new URL(context.req.url));
      // The one list that is asked for without a page. What a client then makes is refused.
      if (context.req.method === "GET" && context.req.path.endsWith("/r2/buckets"))
        return success({ buckets: [] });
      // Where wrangler looks whether something is there, it is not: that is no error.
      const status = context.req.method === "GET" ? 404 : 501;
      throw new ApiError(status, numberOf(path), `This host does not support ${what} yet.`);
    };
    app.all(`/accounts/:account${path}`, refuse);
  }
}

/** The number that wrangler takes for "not there" of each kind. */
function numberOf(path: string): number {
  if (path.startsWith("/d1")) return 7404;
  if (path.startsWith("/r2")) return 10_006;
  if (path.startsWith("/workflows")) return 10_200;
  if (path.startsWith("/workers/dispatch")) return 10_092;
  return Code.notSupported;
}
