/** Texts that Workers users know, word for word, so that searching for them helps. */

export const GLOBAL_SCOPE =
  "Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or connect()), setting a timeout, and generating random values are not allowed within global scope. To fix this error, perform this operation within a handler. https://developers.cloudflare.com/workers/runtime-apis/handlers/";

export const CROSS_REQUEST =
  "Cannot perform I/O on behalf of a different request. I/O objects (such as streams, request/response bodies, and others) created in the context of one request handler cannot be accessed from a different request's handler. This is a limitation of the runtime which allows it to improve overall performance.";

export const HUNG =
  "The Workers runtime canceled this request because it detected that your Worker's code had hung and would never generate a response. Refer to: https://developers.cloudflare.com/workers/observability/errors/";

export const EVENT_OVER =
  "Cannot perform I/O: the event that this code belongs to is over. Use ctx.waitUntil() to keep an event alive after its response.";

export const NO_HANDLERS = "The uploaded script has no registered event handlers.";

export const TOP_LEVEL_HUNG =
  "The script's top level awaits a promise that nothing can ever settle: I/O and timers are not available in the global scope.";
