import { Ask } from "../contract/sync.ts";
import { encodingOf } from "../encoding/labels.ts";
import { decodeWith, TextDecoder } from "../encoding/text-decoder.ts";
import { utf8Decode, utf8Encode } from "../encoding/utf8.ts";
import { bodyStream, isUnusable, moveBody } from "../fetch/body.ts";
import { headersFromFlat, headersValue } from "../fetch/headers.ts";
import { mimeParameter, parseMimeType } from "../fetch/mime-type.ts";
import { responseInsides, responseOf } from "../fetch/response.ts";
import type { ResponseInsides } from "../fetch/response.ts";
import { defineInterface } from "../globals/define.ts";
import { io } from "../io/io.ts";
import type { part } from "../parts/html-rewriter.ts";
import { loadPart } from "../parts/load-part.ts";
import { ErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { stringSplit, stringToLowerCase } from "../primordials/string.ts";
import { closeByteStream, lazyByteStream } from "../streams/bytes-stream.ts";
import { isReadableStream, readerCancel, readerRead, streamReader } from "../streams/stream-state.ts";
import { bufferOf, exportsOf } from "../wasm/budget.ts";
import { instantiate } from "../wasm/module-instance.ts";
import type { ImageTools, RewriterExports, RewriterSource } from "./image-tools.ts";

/** Defines the global `HTMLRewriter`, whose code is a part outside the image. */
export function exposeHTMLRewriter(target: object): void {
  const { makeHTMLRewriter } = loadPart<typeof part>("html-rewriter");
  defineInterface(target, "HTMLRewriter", makeHTMLRewriter(TOOLS));
}

let binary: object | undefined;

const TOOLS: ImageTools = {
  utf8Encode,
  utf8Decode,
  closeStream: closeByteStream,
  isStreaming: (value) => isReadableStream(value) || responseInsides(value) !== undefined,
  take,
  instantiate(imports) {
    if (binary === undefined) {
      const answer: unknown = io.ask(Ask.htmlRewriter);
      if (typeof answer !== "object" || answer === null)
        throw new ErrorOf("HTMLRewriter is not available here");
      binary = answer;
    }
    const exports = exportsOf(instantiate(binary, imports));
    const { memory } = exports;
    return { exports: exports as RewriterExports, memory: () => bufferOf(memory) as ArrayBuffer };
  },
};

function take(value: unknown): RewriterSource | undefined {
  const response = responseInsides(value);
  if (response === undefined)
    throw new TypeErrorOf(
      "Failed to execute 'transform' on 'HTMLRewriter': parameter 1 is not of type 'Response'.",
    );
  const { body, headers } = response;
  if (body === null) return undefined;
  if (isUnusable(body)) {
    throw new TypeErrorOf(
      "Body has already been used. It can only be used once. Use tee() first if you need to read it twice.",
    );
  }
  const type = parseMimeType(headersValue(headersFromFlat(headers, "none"), "content-type"));
  const encoding = encodingOf((type && mimeParameter(type, "charset")) ?? "utf-8");
  if (encoding === null || encoding === "replacement")
    throw new TypeErrorOf("Parser error: Unknown character encoding has been provided.");
  const reader = streamReader(bodyStream(moveBody(body)));
  const isUtf8 = encoding === "utf-8";
  const decoder = isUtf8 ? undefined : new TextDecoder(encoding);
  return {
    read: () => readerRead(reader),
    cancel: (reason) => readerCancel(reader, reason),
    decode:
      decoder &&
      ((bytes) => decodeWith(decoder, bytes, { __proto__: null, stream: bytes !== undefined } as never)),
    respond: (source) =>
      responseOf({
        status: response.status,
        statusText: response.statusText,
        headers: rewrittenHeaders(
          response,
          isUtf8 ? undefined : `${type?.essence ?? "text/html"};charset=utf-8`,
        ),
        guard: "response",
        body: {
          source: null,
          stream: lazyByteStream({
            pull: (controller) => source.pull(controller),
            cancel: (reason) => source.cancel(reason),
          }),
          used: false,
          shared: false,
        },
        url: "",
        redirected: false,
        type: "default",
      }),
  };
}

/** The headers without the length, which is another one now, and with another content type where one is given. */
function rewrittenHeaders({ headers }: ResponseInsides, contentType: string | undefined): string {
  const fields = stringSplit(headers, "\n");
  let kept = "";
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] as string;
    const key = stringToLowerCase(name);
    if (key === "content-length" || (contentType !== undefined && key === "content-type")) continue;
    kept += `${kept === "" ? "" : "\n"}${name}\n${fields[i + 1] as string}`;
  }
  if (contentType === undefined) return kept;
  return `${kept}${kept === "" ? "" : "\n"}content-type\n${contentType}`;
}
