import { DOMException } from "../dom-exception/dom-exception.ts";
import { fetch } from "../fetch/fetch.ts";
import { headersFromFlat, headersValue } from "../fetch/headers.ts";
import { Request, requestInsides } from "../fetch/request.ts";
import { type Response, responseInsides } from "../fetch/response.ts";
import { arrayPush } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { promiseHandled } from "../primordials/promise.ts";
import { stringIncludes, stringSplit, stringToLowerCase, stringTrim } from "../primordials/string.ts";
import { keyOf } from "./cache-query.ts";

/** A request, and the response that was fetched for it. */
interface Fetched {
  readonly request: Request;
  readonly response: Response;
}

/** Requests of one `addAll`: all of them hold a connection until the last one is answered. */
const MAX_ADDED = 100;

/**
 * Fetches requests, of which none may fail, and has all of them put. Service Workers, `addAll`.
 *
 * @param inputs requests or URLs, to be converted in turn
 * @throws a TypeError for methods other than GET, other schemes than http and https, and responses that are not
 *   ok or vary by everything, and for more than 100 requests; an InvalidStateError where one response would take the place of another
 */
export async function addAll(
  inputs: readonly unknown[],
  put: (request: Request, response: Response) => Promise<void>,
): Promise<void> {
  if (inputs.length > MAX_ADDED)
    throw new TypeErrorOf(`Cannot add ${inputs.length} requests at once: ${MAX_ADDED} are the most.`);
  const requests: Request[] = [];
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    const request = requestInsides(input) === undefined ? new Request(input as string) : (input as Request);
    if (keyOf(request).method !== "GET")
      throw new TypeErrorOf("Cannot cache the response to a request that is not a GET.");
    arrayPush(requests, request);
  }
  const answers: Promise<Response>[] = [];
  for (let i = 0; i < requests.length; i++) {
    const answer = fetch(requests[i] as Request);
    promiseHandled(answer);
    arrayPush(answers, answer);
  }
  const fetched: Fetched[] = [];
  for (let i = 0; i < answers.length; i++) {
    const response = await (answers[i] as Promise<Response>);
    arrayPush(fetched, { request: requests[i] as Request, response });
    requireKeepable(response);
  }
  requireDistinct(fetched);
  for (let i = 0; i < fetched.length; i++) {
    const { request, response } = fetched[i] as Fetched;
    await put(request, response);
  }
}

function requireKeepable(response: Response): void {
  const { status, headers } = responseInsides(response)!;
  if (status < 200 || status > 299 || status === 206)
    throw new TypeErrorOf(`Cannot cache a response with status ${status}.`);
  if (stringIncludes(headersValue(headersFromFlat(headers, "none"), "vary"), "*"))
    throw new TypeErrorOf("Cannot cache response with 'Vary: *' header.");
}

/** Two responses of one batch must not be the same to the cache, whichever comes first. */
function requireDistinct(fetched: readonly Fetched[]): void {
  for (let i = 0; i < fetched.length; i++) {
    for (let j = 0; j < fetched.length; j++) {
      if (i !== j && wouldReplace(fetched[i] as Fetched, fetched[j] as Fetched))
        throw new DOMException("Two of the requests are the same to the cache.", "InvalidStateError");
    }
  }
}

function wouldReplace({ request, response }: Fetched, other: Fetched): boolean {
  const mine = keyOf(request);
  const theirs = keyOf(other.request);
  if (mine.url !== theirs.url) return false;
  const vary = headersValue(headersFromFlat(responseInsides(response)!.headers, "none"), "vary");
  const names = stringSplit(vary, ",");
  const before = headersFromFlat(mine.headers, "none");
  const after = headersFromFlat(theirs.headers, "none");
  for (let i = 0; i < names.length; i++) {
    const name = stringToLowerCase(stringTrim(names[i] as string));
    if (name !== "" && headersValue(before, name) !== headersValue(after, name)) return false;
  }
  return true;
}
