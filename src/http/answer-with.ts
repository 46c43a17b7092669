import type { EdgeRequest, EdgeResponse, GoneSignal, HandleRequest } from "../dispatch/edge.ts";
import { failureResponse } from "../dispatch/failure-response.ts";
import { hostAndPath } from "./host-and-path.ts";

const BODYLESS_METHODS = new Set(["GET", "HEAD"]);

/** Answers an edge request with a function of web Requests and Responses. A throw is an internal error. */
export async function answerWith(
  request: EdgeRequest,
  answer: (request: Request) => Promise<Response> | Response,
): Promise<EdgeResponse> {
  try {
    const { status, statusText, headers, body } = await answer(webRequest(request));
    const lines = [...headers].flatMap(([name, value]) => [name, value]);
    return { status, statusText, headers: lines.join("\n"), body, outcome: "ok" };
  } catch {
    return failureResponse("internalError");
  }
}

/** Answers some paths, whatever the host name, and hands all other requests on. */
export function answerPaths(
  paths: Readonly<Record<string, (request: Request) => Promise<Response> | Response>>,
  otherwise: HandleRequest,
): HandleRequest {
  const byPath = new Map(Object.entries(paths));
  return async (request) => {
    const answer = byPath.get(hostAndPath(request.url).path);
    return answer === undefined ? await otherwise(request) : await answerWith(request, answer);
  };
}

function webRequest({ method, url, headers: flat, body, signal: gone }: EdgeRequest): Request {
  const signal = abortSignalOf(gone);
  const headers = new Headers();
  const lines = flat === "" ? [] : flat.split("\n");
  for (let i = 0; i + 1 < lines.length; i += 2) headers.append(lines[i]!, lines[i + 1]!);
  const init: RequestInit & { duplex: "half" } = { method, headers, signal, duplex: "half" };
  if (body !== null && !BODYLESS_METHODS.has(method)) init.body = body as NonNullable<RequestInit["body"]>;
  return new Request(url, init);
}

function abortSignalOf(gone: GoneSignal): AbortSignal {
  if (gone instanceof AbortSignal) return gone;
  const controller = new AbortController();
  const abort = (): void => controller.abort(new DOMException("The client disconnected", "AbortError"));
  if (gone.aborted) abort();
  else gone.addEventListener("abort", abort);
  return controller.signal;
}
