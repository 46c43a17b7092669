import { SITE_DIFFERENCES } from "./sites/site-differences.ts";

/** Differences that have the same reason. */
export interface Difference {
  readonly reason: string;
  /** `worker/request/label` of checks that differ; `*` at the end for all that begin so. */
  readonly at: readonly string[];
}

/**
 * Where Skerry and workerd differ at the newest compatibility date, or where an old date matters beyond a flag that
 * came later. What is not listed here must be equal; what is listed must differ.
 */
export const DIFFERENCES: readonly Difference[] = [
  ...SITE_DIFFERENCES,
  {
    reason:
      "Not there yet: method calls (RPC) of entrypoints, and classes that have nothing but such methods",
    at: ["rpc/asked/*", "class-without-fetch/asked/*", "shape-of-a-binding/asked/body"],
  },
  {
    reason:
      "Not there yet: `ctx.exports`, `ctx.abort`, and exports of `cloudflare:workers` such as `withEnv`, `cache` and `tracing`",
    at: ["ctx-exports/asked/body", "ctx//members/body", "exports-of-the-module/asked/body"],
  },
  {
    reason:
      "Not there yet: modules and globals of Node.js, which are on by default since 2026-08-04, with timers that are objects",
    at: [
      "events/the global scope/this",
      "time/setImmediate/value",
      "time/setTimeout/type",
      "time/performance/eventCounts",
      "time/performance/timerify",
    ],
  },
  {
    reason: "Not there yet: hibernation of WebSockets, for which alone attachments have a largest size",
    at: ["sockets/attachments/large"],
  },
  {
    reason:
      "Fetch standard: an origin that cannot be reached or breaks off is a TypeError; workerd throws an Error",
    at: ["fetching/fetches that fail/nobody listens", "fetching/fetches that fail/cut off"],
  },
  {
    reason:
      "Fetch standard: characters beyond Latin-1 and empty names are refused, and Latin-1 goes out as it is; workerd sends UTF-8",
    at: [
      "headers/Latin 1 in a response/header x-e",
      "headers/names and values that are refused/emoji",
      "headers/names and values that are refused/empty name",
      "headers/names and values that are refused/has with bad name",
      "headers/names and values that are refused/not Latin 1",
      "responses/status texts/beyond",
    ],
  },
  {
    reason:
      "Fetch standard: an iterator sees what is deleted meanwhile, has its interface's tag, and the headers of `Response.error()` are fixed",
    at: [
      "headers/headers that cannot be changed/of Response.error",
      "headers/iterating while changing/deleted on the way",
      "headers/iterating while changing/iterator tag",
    ],
  },
  {
    reason:
      'Fetch standard: members of a browser\'s Request, and `redirect: "error"` and `cache: "reload"`, which workerd lacks or refuses',
    at: [
      "requests/parts of a browser's Request/*",
      "requests/properties of a Request/cache",
      "requests/init values/cache reload",
      "requests/init values/redirect error",
    ],
  },
  {
    reason:
      "Fetch standard: only the six common methods are written in capitals, TRACE is refused, and any other token is a method",
    at: ["requests/methods/*", "fetching/methods in odd case/*"],
  },
  {
    reason:
      "Fetch standard: a URL with a user or password is refused; so is a body on GET, and one that comes with a GET is left out",
    at: [
      "requests/properties of a Request/credentials in URL",
      "fetching/URL credentials/authorization",
      "requests/a body of GET/body",
      "requests/a body of GET/text",
    ],
  },
  {
    reason: "Fetch standard: `type` of a fetched response is `basic`; workerd has `default` alone",
    at: ["fetching/a plain fetch/main", "fetching/redirect manual/all"],
  },
  {
    reason:
      "Fetch standard: what has no JSON text is refused by `Response.json()`, and an array as a body is text; workerd takes it for an iterable of bytes",
    at: [
      "responses/Response.json/symbol",
      "responses/Response.json/undefined",
      "responses/a Response of each kind of body/array",
    ],
  },
  {
    reason:
      "Fetch standard: `Accept`, `Accept-Language` and `User-Agent` go out where the worker gives none; `Skerry-Depth` ends loops of workers that fetch each other",
    at: ["fetching/headers that a fetch adds by itself/echo"],
  },
  {
    reason:
      "A `Cookie` that the worker sent is left out where a redirect leads to another origin, as `Authorization` is on both sides",
    at: ["fetching/authorization over a redirect/other origin"],
  },
  {
    reason: "A DELETE without a body has no `Content-Length: 0`, as RFC 9110 recommends",
    at: ["fetching/what an origin sees of a POST/DELETE"],
  },
  {
    reason: "`Transfer-Encoding` belongs to one hop, and a worker does not see it",
    at: ["requests/a body in chunks/encoding"],
  },
  {
    reason:
      "A target that is not encoded as RFC 3986 has it is taken as URL parsers take it; workerd refuses the request",
    at: ["requests/the path as it is, escapes/*"],
  },
  {
    reason:
      "A client that does not take a coding gets the body plain, as from Cloudflare's edge; workerd has no edge",
    at: [
      "responses/content-encoding gzip for a client that takes none/*",
      "fetching/a compressed answer passed on, to one that does not/*",
    ],
  },
  {
    reason:
      "RFC 9110: `Vary: Accept-Encoding` is said where the form of the body depends on the client; workerd has one form",
    at: [
      "responses/content-encoding gzip/header vary",
      "fetching/a compressed answer passed on, to a client that takes it/header vary",
      "fetching/a compressed answer passed on in a copy/header vary",
      "fetching/a compressed answer as text/header vary",
    ],
  },
  {
    reason:
      "A body that the origin breaks off is not the worker's failure: the outcome of its event stays `ok`",
    at: ["fetching/an answer that breaks/outcome"],
  },
  {
    reason: "A WebSocket for a client that asked for none is answered by 426, which says what is wrong",
    at: ["sockets/a socket that was not asked for/*"],
  },
  {
    reason: "The clock stands still while code runs, as on Cloudflare; a local workerd lets it go on",
    at: ["time/clocks while code runs/*"],
  },
  {
    reason: "User Timing standard: marks and measures are kept, with their details; workerd keeps none",
    at: ["time/performance/entries", "time/performance/mark"],
  },
  {
    reason:
      "DOM and HTML: an error that a listener, a timer, a microtask or `waitUntil` throws, or `reportError()` tells, makes the event's outcome `exception`",
    at: [
      "events/a listener that throws/*",
      "events/reportError/*",
      "rejections//microtask/*",
      "rejections//timer/outcome",
      "rejections//waiting/outcome",
    ],
  },
  {
    reason:
      "DOM standard: values of events that are absent are null, `dispatchEvent()` is false only where the event was cancelled, and arguments are checked",
    at: [
      "events/events/cancelled dispatch",
      "events/events/main",
      "events/events/no detail",
      "events/AbortController/negative timeout",
    ],
  },
  {
    reason: "Web IDL: a DOMException takes its options as an object, and quota errors are of their own class",
    at: ["events/DOMException/options", "crypto/random values/too many"],
  },
  {
    reason:
      "V8 leaves the message of a DOMException out of the first line of its stack, which is what the log has",
    at: ["thrown//dom/logs"],
  },
  {
    reason:
      "HTML standard, structured clone: files can be cloned, headers cannot, a transfer list is checked; a Proxy cannot be told from its target by code in the isolate",
    at: [
      "events/structuredClone/File",
      "events/structuredClone/Headers",
      "events/structuredClone/bad transfer",
      "events/structuredClone/proxy",
    ],
  },
  {
    reason:
      "The global object is a ServiceWorkerGlobalScope by `instanceof` as well, and `navigator.platform` is told",
    at: ["events/the global scope/classes", "events/the global scope/navigator"],
  },
  {
    reason: "Shared memory is a clock that runs inside a slice, and is taken away",
    at: ["events/the global scope/SharedArrayBuffer", "events/the global scope/Atomics.wait"],
  },
  {
    reason: "ECMAScript: `eval` of what is no text gives it back",
    at: ["events/code from text/eval of no text"],
  },
  {
    reason: "WebAssembly: the streaming functions are there, and fail as compiling bytes does",
    at: ["events/WebAssembly/compileStreaming"],
  },
  {
    reason:
      "File API and XHR standards: line ends of forms and blobs are converted, a file in a form is named `blob`, arguments are checked, and a file without a type is text",
    at: [
      "encodings/Blob/endings",
      "encodings/Blob/odd endings",
      "encodings/FormData/*",
      "encodings/a form as a body/*",
      "requests/a multipart body, file without type/form",
    ],
  },
  {
    reason:
      "Streams standard: errors of `start()` and of calls after the end are thrown, bad values are RangeErrors, and a chunk that is no bytes fails a CompressionStream",
    at: [
      "streams/the source of a stream/bad mark",
      "streams/errors of a stream/*",
      "streams/TransformStream/bad",
      "streams/compression streams/text chunk",
    ],
  },
  {
    reason: "A FixedLengthStream that got too little fails its writer too, and its length must be an integer",
    at: ["streams/FixedLengthStream/fraction", "streams/FixedLengthStream/too little"],
  },
  {
    reason: "workerd tells nothing of an event whose IdentityTransformStream goes on after the handler",
    at: ["streams/an IdentityTransformStream on the wire/outcome"],
  },
  {
    reason: "Web Crypto standard: an unknown format is a TypeError",
    at: ["crypto/importing keys/odd format"],
  },
  {
    reason: "NODE-ED25519 is an old name for Ed25519 from a time before the standard had it",
    at: ["crypto/signatures of key pairs/NODE-ED25519"],
  },
  {
    reason:
      "WebSockets standard, but for `binaryType`, which is `arraybuffer` at every date as on Cloudflare before 2026-03-17; sockets of a pair have no URL and no protocol",
    at: ["sockets/WebSocketPair/*", "sockets/arguments of close/*", "sockets/the WebSocket constructor/http"],
  },
  {
    reason: "workerd counts a WebSocket that was closed as an answer that broke off",
    at: [
      "sockets/a client that closes/outcome",
      "sockets/a socket with a protocol/outcome",
      "sockets/a handler that throws after it accepted/exceptions",
    ],
  },
  {
    reason: "A client that goes away makes the outcome `canceled`, as on Cloudflare",
    at: ["client-gone/after the head/outcome"],
  },
  {
    reason:
      "Service Workers standard with caches that have a name: `add`, `keys`, `matchAll` and the rest are there",
    at: ["caching/other methods/*"],
  },
  {
    reason: "Object URLs are there, within one isolate",
    at: ["urls/object URLs/*"],
  },
  {
    reason: "A tail is given lines of text, with format strings filled in; workerd gives values",
    at: ["logging/format strings/logs"],
  },
  {
    reason: "`console.context` is V8's own and of use to debuggers alone",
    at: ["logging/other methods/context"],
  },
  {
    reason:
      "HTMLRewriter takes `Content-Length` away, since the length changes, and wants handlers to be objects",
    at: ["rewriting/what is transformed/bad handlers", "rewriting/what is transformed/head"],
  },
  {
    reason:
      "A CommonJS module's exports can be imported by name, as bundlers have it; there is no `__filename`",
    at: ["commonjs/asked/body"],
  },
  {
    reason:
      "In the global scope responses and pairs of WebSockets may be made, since they reach nothing outside",
    at: ["global-scope/asked/body"],
  },
  {
    reason:
      "A body that has arrived is data, and may be read in another request; one that still arrives may not",
    at: ["another-request/use/body"],
  },
  {
    reason: "`request.cf` is a plain object that the worker may change",
    at: ["cf-object/asked/body"],
  },
  {
    reason: "`ctx.waitUntil()` takes anything, even nothing",
    at: ["ctx//wait_nothing/*"],
  },
  {
    reason: "A script whose listener does not answer fails, and says so as an exception",
    at: ["script-no-answer/asked/exceptions"],
  },
  {
    reason: "The error of another worker stays with it: whoever asked hears how it failed, not why",
    at: ["asks-another//throws/body"],
  },
  {
    reason: "At the old date workerd has no streams of the worker's own, and a response made of one fails",
    at: ["responses/clone/status"],
  },
];
