import type { AskRequest } from "../service/follow-request.ts";
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
  return async ({ method, url, headers, body }) => {
    const response = await run((call) => {
      const lines = headers === "" ? [] : headers.split("\n");
      const request = new Request(url, {
        method,
        headers: lines.flatMap((name, i) => (i % 2 === 0 ? [[name, lines[i + 1] ?? ""]] : [])) as [
          string,
          string,
        ][],
        body: body as ReadableStream<Uint8Array> | null,
        signal: call.signal,
        redirect: "manual",
        ...(body instanceof ReadableStream && { duplex: "half" }),
      });
      return answer(request, call);
    });
    if (!(response instanceof Response)) throw new TypeError("the plug-in's fetch gave no Response");
    let flat = "";
    for (const [name, value] of response.headers) flat += `${flat === "" ? "" : "\n"}${name}\n${value}`;
    const { status, statusText } = response;
    const content = BODYLESS.has(status) || method === "HEAD" ? null : response.body;
    return {
      status,
      statusText,
      headers: flat,
      body: content === null ? null : sealedStream(content, fault),
    };
  };
}
