import type { EdgeResponse } from "../dispatch/edge.ts";
import { errorPage } from "../outcome/error-page.ts";

/**
 * What a client gets in place of an answer that cannot be sent, or of none at all.
 * @param accept the request's Accept
 */
export function failurePage(outcome: "exception" | "internalError", accept: string): EdgeResponse {
  const page =
    outcome === "exception"
      ? errorPage(
          500,
          1101,
          "Worker threw exception",
          "The worker's answer is not one that HTTP can carry, or it broke before it began.",
          accept,
        )
      : errorPage(500, null, "Internal error", "", accept);
  return { ...page, outcome };
}
