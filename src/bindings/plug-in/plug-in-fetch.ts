import { CallError } from "../binding.ts";
import type { AskRequest, ServiceRequest } from "../service/follow-request.ts";
import { sealedStream } from "./sealed-stream.ts";
import type { BindingCall, BindingPlugIn } from "./plug-in.ts";

/** Statuses whose Response may not have a body. */
const BODYLESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Asks a plug-in as a service is asked.
 * @param fault told of errors that the worker does not see
 * @param run runs a call of the plug-in within its bounds
 */
export function askPlugIn(
  answer: NonNullable<BindingPlugIn["fetch"]>,
  fault: (error: unknown) => void,
  run: (job: (call: BindingCall) => Promise<Response> | Response) => Promise<Response>,
): AskRequest {
  return async (asked) => {
    const response = await run((call) => answer(requestOf(asked, call.signal), call));
    if (!(response instanceof Response)) throw new TypeError("the plug-in's fetch gave no Response");
    let flat = "";
    for (const [name, value] of response.headers) flat += `${flat === "" ? "" : "\n"}${name}\n${value}`;
    const { status, statusText } = response;
    const content = BODYLESS.has(status) || asked.method === "HEAD" ? null : response.body;
    return {
      status,
      statusText,
      headers: flat,
      body: content === null ? null : sealedStream(content, fault),
    };
  };
}

/** @throws CallError for a request of the worker that no Request can be: that is no fault of the host */
function requestOf({ method, url, headers, body }: ServiceRequest, signal: AbortSignal): Request {
  const lines = headers === "" ? [] : headers.split("\n");
  try {
    return new Request(url, {
      method,
      headers: lines.flatMap((name, i) => (i % 2 === 0 ? [[name, lines[i + 1] ?? ""]] : [])) as [
        string,
        string,
      ][],
      body: body as ReadableStream<Uint8Array> | null,
      signal,
      redirect: "manual",
      ...(body instanceof ReadableStream && { duplex: "half" }),
    });
  } catch {
    if (body instanceof ReadableStream) body.cancel().catch(() => {}); // the source's own failure
    throw new CallError("TypeError", "Cannot fetch: the request is malformed");
  }
}
