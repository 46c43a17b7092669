import { errorPage } from "../outcome/error-page.ts";
import { httpAnswer } from "../outcome/http-answer.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { EdgeResponse } from "./edge.ts";

/**
 * The response for an event that did not answer by itself. Nothing of the worker's error is in it.
 * @param accept The client's `Accept` header; a page is made where it asks for one.
 * @param retryS Seconds after which trying again makes sense, where more is known than the outcome.
 */
export function failureResponse(outcome: Exclude<Outcome, "ok">, accept = "", retryS?: number): EdgeResponse {
  const { status, code, title, detail, retryAfterS } = httpAnswer(outcome);
  const page = errorPage(status, code, title, detail, accept);
  const seconds = retryS ?? retryAfterS;
  const retry = seconds === undefined ? "" : `\nretry-after\n${seconds}`;
  return { ...page, headers: `${page.headers}${retry}\nskerry-outcome\n${outcome}`, outcome };
}

/** The response to a request whose body is larger than its worker takes. */
export function tooLargeResponse(accept = ""): EdgeResponse {
  return { ...errorPage(413, null, "Request body too large", "", accept), outcome: "canceled" };
}
