import { isFaultOfHost } from "../../src/errors/is-fault-of-host.ts";
import { SkerryError } from "../../src/errors/skerry-error.ts";

/** Numbers of Cloudflare's API on which wrangler decides what to do next. */
export const Code = {
  noRoute: 7003,
  badJson: 6007,
  unauthorized: 10000,
  missingToken: 9106,
  forbidden: 9109,
  tooLarge: 10027,
  rateLimited: 971,
  scriptNotFound: 10007,
  routeTaken: 10020,
  scriptRefused: 10021,
  invalidInherit: 10057,
  serviceNotFound: 10090,
  noSuchVersion: 100146,
  badDeployment: 10212,
  badKvRequest: 10009,
  noSuchNamespace: 10013,
  noSuchKey: 10009,
  noSuchSecret: 10056,
  badAssets: 10304,
  storageFull: 10306,
  settingsNotDeployed: 10214,
  versionNotDeployed: 10215,
  secretsChanged: 10220,
  noVersions: 10222,
  notSupported: 10073,
  internal: 10001,
} as const;

/** An answer that wrangler shows, and decides upon by its number. */
export class ApiError extends SkerryError {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 429 | 500 | 501 | 507;
  readonly number: number;

  constructor(status: ApiError["status"], number: number, message: string) {
    super("CLOUDFLARE_API", message);
    this.status = status;
    this.number = number;
  }
}

/** The answer to an error of any kind. What is nobody's mistake is not described to the client. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  // JSON of any depth can be read, but not written.
  if (error instanceof RangeError && error.message.includes("call stack"))
    return new ApiError(400, Code.badJson, "The request has JSON that is nested too deeply");
  if (!(error instanceof SkerryError) || isFaultOfHost(error))
    return new ApiError(500, Code.internal, "internal error");
  switch (error.code) {
    case "NO_SUCH_WORKER":
      return scriptNotFound();
    case "NO_SUCH_VERSION":
      return noSuchVersion();
    case "TRAFFIC_SHARED":
      return new ApiError(400, Code.versionNotDeployed, error.message);
    case "BAD_DEPLOYMENT":
      return new ApiError(400, Code.badDeployment, error.message);
    case "ROUTE_NOT_ALLOWED":
      return new ApiError(403, Code.routeTaken, error.message);
    case "ROUTE_TAKEN":
      return new ApiError(409, Code.routeTaken, error.message);
    case "NO_SUCH_NAMESPACE":
      return new ApiError(404, Code.noSuchNamespace, "namespace not found");
    case "INVALID_ASSETS":
      return new ApiError(400, Code.badAssets, error.message);
    case "ASSETS_FULL":
      return new ApiError(413, Code.badAssets, error.message);
    case "ACCOUNT_STORAGE_FULL":
      // Nothing that wrangler acts upon: it asks again where a status is 500 or more.
      return new ApiError(413, Code.storageFull, error.message);
    case "DISK_LOW":
      return new ApiError(507, Code.storageFull, error.message);
    case "KV_REFUSED":
      return new ApiError(400, Code.badKvRequest, error.message);
    default:
      return new ApiError(400, Code.scriptRefused, error.message);
  }
}

export function scriptNotFound(): ApiError {
  return new ApiError(404, Code.scriptNotFound, "This Worker does not exist on your account.");
}

export function noSuchVersion(): ApiError {
  return new ApiError(
    404,
    Code.noSuchVersion,
    "The requested Worker version could not be found, please check the ID being passed and try again.",
  );
}
