import { accountOf, type ApiApp, type ApiOptions, part } from "./api-context.ts";
import { ApiError, Code } from "./api-error.ts";
import { success } from "./envelope.ts";
import { mustFind } from "./worker-settings.ts";

const SCRIPT = "/accounts/:account/workers/scripts/:name";

/** Secrets of a worker, by name. */
export function addSecretRoutes(app: ApiApp, { control }: ApiOptions): void {
  app.get(`${SCRIPT}/secrets`, (context) => {
    mustFind(control, accountOf(context, "read"), part(context, "name"));
    return success([]);
  });
  for (const path of ["secrets", "secrets/:secret", "secrets-bulk"]) {
    app.all(`${SCRIPT}/${path}`, (context) => {
      accountOf(context, "secrets");
      throw new ApiError(501, Code.notSupported, "This host does not support secrets yet.");
    });
  }
}
