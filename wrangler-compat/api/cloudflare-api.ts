import { Hono } from "hono";
import type { ApiApp, ApiEnv, ApiOptions } from "./api-context.ts";
import { ApiError, Code, toApiError } from "./api-error.ts";
import { BodyBudget } from "./body/body-budget.ts";
import { addAssetRoutes } from "./asset-routes.ts";
import { UploadSessions } from "./assets/upload-sessions.ts";
import { Authenticator } from "./authenticate.ts";
import { addDomainRoutes } from "./domain-routes.ts";
import { failure } from "./envelope.ts";
import { addKvRoutes } from "./kv-routes.ts";
import { followDeploys } from "./follow-deploys.ts";
import { addReferenceRoutes } from "./reference-routes.ts";
import { addScriptRoutes } from "./script-routes.ts";
import { addSecretRoutes } from "./secret-routes.ts";
import { addTailRoutes } from "./tail-routes.ts";
import { Tails } from "./tail/tails.ts";
import { addTriggerRoutes } from "./trigger-routes.ts";
import { addUnsupportedRoutes } from "./unsupported-routes.ts";
import { UploadRetries } from "./upload/upload-retries.ts";
import { addUserRoutes } from "./user-routes.ts";
import { addVersionRoutes } from "./version-routes.ts";
import { addZoneRoutes } from "./zone-routes.ts";

/** Where the API begins on its port: what `CLOUDFLARE_API_BASE_URL` ends with. */
export const API_PATH = "/client/v4";
const RETRY_AFTER_S = 2;
/** Contents come with the token of their upload in place of a client's own. */
const ASSET_UPLOAD = /^\/client\/v4\/accounts\/[^/]+\/workers\/assets\/upload(?:\/[^/]+)?$/;

/** What the API shares with whoever serves it. */
export interface ApiParts {
  /** Tails that clients make, for whoever opens their WebSockets. */
  readonly tails?: Tails;
  /** Bounds the bodies of all requests together. */
  readonly bodies?: BodyBudget;
  /** Told of errors that are nobody's mistake but Skerry's. */
  readonly internal?: (error: unknown) => void;
  /** A monotonic clock for the rates at which tokens may ask, in ms. */
  readonly now?: () => number;
}

/**
 * The part of Cloudflare's REST API that the stock wrangler calls, over a host's control.
 *
 * @example
 * const api = cloudflareApi({ control: host.control, workersDomain: "localhost", workersScheme: "http", workersPort: 8787 });
 * await api(new Request("http://127.0.0.1/client/v4/user/tokens/verify", { headers: { authorization: `Bearer ${token}` } }));
 */
export function cloudflareApi(options: ApiOptions & ApiParts): (request: Request) => Promise<Response> {
  const app = apiRoutes(options);
  return async (request) => await app.fetch(request);
}

/** All routes of the API, behind the check of the token. */
export function apiRoutes(options: ApiOptions & ApiParts): ApiApp {
  const app = new Hono<ApiEnv>().basePath(API_PATH);
  const authenticator = new Authenticator(options.control, options.now);
  const { bodies = new BodyBudget() } = options;
  const uploads = new UploadSessions();
  const retries = new UploadRetries();
  app.use(async (context, next) => {
    const { headers } = context.req.raw;
    if (ASSET_UPLOAD.test(context.req.path)) {
      const upload = authenticator.identifyUpload(headers, uploads);
      context.set("upload", upload);
      context.set("token", upload.token);
    } else context.set("token", authenticator.identify(headers));
    context.set("after", retries.used(context.get("token").id, context.req.path));
    const share = bodies.open();
    context.set("bodyShare", share);
    try {
      await next();
    } finally {
      share.close();
    }
  });
  followDeploys(app, options);
  addUserRoutes(app, options);
  addScriptRoutes(app, options, uploads, retries);
  addVersionRoutes(app, options, uploads, retries);
  addZoneRoutes(app, options);
  addAssetRoutes(app, options, uploads);
  addTriggerRoutes(app, options);
  addDomainRoutes(app, options);
  addReferenceRoutes(app, options);
  addSecretRoutes(app, options);
  addTailRoutes(app, options, options.tails ?? new Tails(options.control));
  addKvRoutes(app, options);
  addUnsupportedRoutes(app);
  app.notFound((context) => {
    const { method, path } = context.req;
    return failure(new ApiError(404, Code.noRoute, `Could not route to ${method} ${path.slice(0, 200)}`));
  });
  app.onError((error) => {
    const known = toApiError(error);
    if (known.status === 500) options.internal?.(error);
    return failure(known, known.status === 429 ? RETRY_AFTER_S : undefined);
  });
  return app;
}
