import { ApiError } from "../../wrangler-compat/api/api-error.ts";
import type { BodyBudget } from "../../wrangler-compat/api/body/body-budget.ts";
import { readBody } from "../../wrangler-compat/api/body/read-body.ts";
import { failure } from "../control/api/failure.ts";

const RETRY_AFTER_S = "2";

/**
 * The control API, which takes no more bodies at once than there is memory for, and none that is longer than it may be.
 * @param bodies The budget of all APIs of a host.
 */
export function boundedControl(
  answer: (request: Request) => Promise<Response>,
  bodies: BodyBudget,
  mostBytes: number,
): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.body === null) return await answer(request);
    const share = bodies.open();
    try {
      const body = await readBody({ req: { raw: request }, get: () => share }, mostBytes);
      const { url, method, headers, signal } = request;
      return await answer(new Request(url, { method, headers, signal, body }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const code = error.status === 413 ? "BODY_TOO_LARGE" : "TOO_MANY_BODIES";
      const refused = failure(error.status, code, error.message);
      if (error.status === 429) refused.headers.set("retry-after", RETRY_AFTER_S);
      return refused;
    } finally {
      share.close();
    }
  };
}
