/** The constants of DOMException, which are on the class and on its prototype. */
const DOM_EXCEPTION_CODES =
  "INDEX_SIZE_ERR:1 HIERARCHY_REQUEST_ERR:3 WRONG_DOCUMENT_ERR:4 INVALID_CHARACTER_ERR:5 NO_MODIFICATION_ALLOWED_ERR:7 NOT_FOUND_ERR:8 NOT_SUPPORTED_ERR:9 INUSE_ATTRIBUTE_ERR:10 INVALID_STATE_ERR:11 SYNTAX_ERR:12 INVALID_MODIFICATION_ERR:13 NAMESPACE_ERR:14 INVALID_ACCESS_ERR:15 TYPE_MISMATCH_ERR:17 SECURITY_ERR:18 NETWORK_ERR:19 ABORT_ERR:20 URL_MISMATCH_ERR:21 QUOTA_EXCEEDED_ERR:22 TIMEOUT_ERR:23 INVALID_NODE_TYPE_ERR:24 DATA_CLONE_ERR:25 DOMSTRING_SIZE_ERR:2 NO_DATA_ALLOWED_ERR:6 VALIDATION_ERR:16";

/**
 * Every global that a worker sees beside V8's own, described as `surface-dump.ts` does. Members, lengths and
 * attributes are those of the standards, and of Cloudflare where it adds to them.
 */
export const SURFACE: Readonly<Record<string, string>> = {
  DOMException: `(0); static ${DOM_EXCEPTION_CODES}; name message code ${DOM_EXCEPTION_CODES}`,

  // Events and abort: DOM, HTML, and the events of a service worker.
  Event:
    "(1); static NONE:0 CAPTURING_PHASE:1 AT_TARGET:2 BUBBLING_PHASE:3; type target srcElement currentTarget composedPath/0 eventPhase stopPropagation/0 cancelBubble= stopImmediatePropagation/0 bubbles cancelable returnValue= preventDefault/0 defaultPrevented composed timeStamp initEvent/1 NONE:0 CAPTURING_PHASE:1 AT_TARGET:2 BUBBLING_PHASE:3",
  CustomEvent: "(1) < Event; detail initCustomEvent/1",
  ErrorEvent: "(1) < Event; message filename lineno colno error",
  MessageEvent: "(1) < Event; data origin lastEventId source ports initMessageEvent/1",
  PromiseRejectionEvent: "(2) < Event; promise reason",
  ProgressEvent: "(1) < Event; lengthComputable loaded total",
  FileReader:
    "(0) < EventTarget; static EMPTY:0 LOADING:1 DONE:2; readAsArrayBuffer/1 readAsBinaryString/1 readAsText/1 readAsDataURL/1 abort/0 readyState result error onloadstart= onprogress= onload= onabort= onerror= onloadend= EMPTY:0 LOADING:1 DONE:2",
  CloseEvent: "(1) < Event; wasClean code reason",
  ExtendableEvent: "(1) < Event; waitUntil/1 passThroughOnException/0",
  FetchEvent: "(0) < ExtendableEvent; request respondWith/1",
  ScheduledEvent: "(0) < ExtendableEvent; cron scheduledTime noRetry/0",
  TailEvent: "(1) < ExtendableEvent; events traces",
  TraceEvent: "(1) < ExtendableEvent; events traces",
  EventTarget: "(0); addEventListener/2 removeEventListener/2 dispatchEvent/1",
  AbortController: "(0); signal abort/0",
  AbortSignal: "(0) < EventTarget; static abort/0 timeout/1 any/1; aborted reason throwIfAborted/0 onabort=",
  QuotaExceededError: "(0) < DOMException; quota requested",

  // The global scope.
  WorkerGlobalScope: "(0) < EventTarget; onerror= onunhandledrejection=",
  ServiceWorkerGlobalScope: "(0) < WorkerGlobalScope; ",
  self: "the global object",
  origin: "string",
  navigator: "[object Navigator] ",
  Navigator: "(0); userAgent platform hardwareConcurrency language languages sendBeacon/1",
  Cloudflare: "!e[object Object] compatibilityFlags:object",
  reportError: "function/1",
  queueMicrotask: "function/1",
  structuredClone: "function/1",
  setTimeout: "function/1",
  setInterval: "function/1",
  clearTimeout: "function/0",
  clearInterval: "function/0",
  scheduler: "[object Scheduler] ",

  // URL and text.
  URL: "(1); static canParse/1 parse/1 createObjectURL/1 revokeObjectURL/1; href= origin protocol= username= password= host= hostname= port= pathname= search= searchParams hash= toString/0 toJSON/0",
  URLSearchParams:
    "(0); size append/2 delete/1 get/1 getAll/1 has/1 set/2 sort/0 forEach/1 entries/0 keys/0 values/0 toString/0 @@iterator/0",
  URLPattern:
    "(0); protocol username password hostname port pathname search hash hasRegExpGroups test/0 exec/0",
  TextEncoder: "(0); encoding encode/0 encodeInto/2",
  TextDecoder: "(0); encoding fatal ignoreBOM decode/0",
  TextEncoderStream: "(0); encoding readable writable",
  TextDecoderStream: "(0); encoding fatal ignoreBOM readable writable",
  atob: "function/1",
  btoa: "function/1",

  // Fetch, files and forms.
  fetch: "function/1",
  Headers:
    "(0); append/2 delete/1 get/1 getSetCookie/0 getAll/1 has/1 set/2 forEach/1 entries/0 keys/0 values/0 @@iterator/0",
  Request:
    "(1); method url headers redirect signal cf cache credentials destination duplex integrity isHistoryNavigation isReloadNavigation keepalive mode referrer referrerPolicy clone/0 body bodyUsed arrayBuffer/0 blob/0 bytes/0 formData/0 json/0 text/0",
  Response:
    "(0); static error/0 redirect/1 json/1; type url redirected status ok statusText headers webSocket clone/0 body bodyUsed arrayBuffer/0 blob/0 bytes/0 formData/0 json/0 text/0",
  Blob: "(0); size type arrayBuffer/0 bytes/0 text/0 slice/0 stream/0",
  File: "(2) < Blob; name lastModified",
  FormData:
    "(0); append/2 delete/1 get/1 getAll/1 has/1 set/2 forEach/1 entries/0 keys/0 values/0 @@iterator/0",

  // Streams and compression.
  ReadableStream:
    "(0); static from/1; locked cancel/0 getReader/0 pipeThrough/1 pipeTo/1 tee/0 values/0 @@asyncIterator/0",
  ReadableStreamDefaultReader: "(1); closed cancel/0 read/0 releaseLock/0",
  ReadableStreamBYOBReader: "(1); closed cancel/0 read/1 readAtLeast/2 releaseLock/0",
  ReadableStreamDefaultController: "(0); desiredSize close/0 enqueue/0 error/0",
  ReadableByteStreamController: "(0); byobRequest desiredSize close/0 enqueue/1 error/0",
  ReadableStreamBYOBRequest: "(0); view respond/1 respondWithNewView/1",
  WritableStream: "(0); locked abort/0 close/0 getWriter/0",
  WritableStreamDefaultWriter: "(1); closed desiredSize ready abort/0 close/0 releaseLock/0 write/0",
  WritableStreamDefaultController: "(0); abortReason signal error/0",
  TransformStream: "(0); readable writable",
  TransformStreamDefaultController: "(0); desiredSize enqueue/0 error/0 terminate/0",
  ByteLengthQueuingStrategy: "(1); highWaterMark size",
  CountQueuingStrategy: "(1); highWaterMark size",
  CompressionStream: "(1); readable writable",
  DecompressionStream: "(1); readable writable",

  IdentityTransformStream: "(0) < TransformStream; ",
  FixedLengthStream: "(1) < IdentityTransformStream; ",

  // Messages and sockets.
  EventSource:
    "(1) < EventTarget; static from/1 CONNECTING:0 OPEN:1 CLOSED:2; url withCredentials readyState onopen= onmessage= onerror= close/0 CONNECTING:0 OPEN:1 CLOSED:2",
  BroadcastChannel: "(1) < EventTarget; name postMessage/1 close/0 onmessage= onmessageerror=",
  MessageChannel: "(0); port1 port2",
  MessagePort: "(0) < EventTarget; postMessage/1 start/0 close/0 onmessage= onmessageerror= onclose=",
  WebSocket:
    "(1) < EventTarget; static CONNECTING:0 OPEN:1 CLOSING:2 CLOSED:3 READY_STATE_CONNECTING:0 READY_STATE_OPEN:1 READY_STATE_CLOSING:2 READY_STATE_CLOSED:3; url readyState bufferedAmount onopen= onerror= onclose= extensions protocol close/0 onmessage= binaryType= send/1 accept/0 serializeAttachment/1 deserializeAttachment/0 CONNECTING:0 OPEN:1 CLOSING:2 CLOSED:3 READY_STATE_CONNECTING:0 READY_STATE_OPEN:1 READY_STATE_CLOSING:2 READY_STATE_CLOSED:3",
  WebSocketPair: "(0); ",
  WebSocketRequestResponsePair: "(2); request response",

  // Caches, cryptography, time.
  Cache: "(0); match/1 put/2 delete/1 add/1 addAll/1 matchAll/0 keys/0",
  CacheStorage: "(0); default open/1 delete/1 has/1 keys/0 match/1",
  caches: "[object CacheStorage] ",
  Crypto: "(0); subtle DigestStream getRandomValues/1 randomUUID/0",
  SubtleCrypto:
    "(0); encrypt/3 decrypt/3 sign/3 verify/4 digest/2 generateKey/3 deriveKey/5 deriveBits/2 importKey/5 exportKey/2 wrapKey/4 unwrapKey/7 timingSafeEqual/2",
  CryptoKey: "(0); type extractable algorithm usages",
  HTMLRewriter: "(0); on/2 onDocument/1 transform/1",
  crypto: "[object Crypto] ",
  Performance:
    "(0) < EventTarget; timeOrigin now/0 toJSON/0 mark/1 measure/1 clearMarks/0 clearMeasures/0 getEntries/0 getEntriesByType/1 getEntriesByName/1",
  PerformanceEntry: "(0); name entryType startTime duration toJSON/0",
  PerformanceMark: "(1) < PerformanceEntry; detail",
  PerformanceMeasure: "(0) < PerformanceEntry; detail",
  PerformanceObserver: "(1); static supportedEntryTypes; observe/0 disconnect/0 takeRecords/0",
  PerformanceObserverEntryList: "(0); getEntries/0 getEntriesByType/1 getEntriesByName/1",
  performance: "[object Performance] ",
};

/** Interfaces that differ from their line, each with its reason. */
export const DEVIATING: Readonly<Record<string, string>> = {
  TraceEvent: "the same class as TailEvent, under its older name",
  ReadableByteStreamController: "the library keeps its internal methods on the prototype, under symbols",
  ReadableStreamDefaultController: "the library keeps its internal methods on the prototype, under symbols",
  WritableStreamDefaultController: "the library keeps its internal methods on the prototype, under symbols",
};

/** Globals of Cloudflare that Skerry does not have, each with its reason. */
export const LACKING: Readonly<Record<string, string>> = {
  Body: "a class of workerd alone: in the Fetch standard it is a mixin of Request and Response",
  Buffer: "Node's modules are not here yet",
  PerformanceResourceTiming: "nothing measures requests for the worker",
  clearImmediate: "Node's timers come with its modules",
  global: "Node's modules are not here yet",
  process: "Node's modules are not here yet",
  setImmediate: "Node's timers come with its modules",
};

/** V8's own globals that are taken away, each with its reason. */
export const REMOVED: Readonly<Record<string, string>> = {
  SharedArrayBuffer: "shared memory is a clock that runs inside a slice",
};

/** Globals that Cloudflare does not have. */
export const ADDED: readonly string[] = [
  "BroadcastChannel",
  "FileReader",
  "ProgressEvent",
  "QuotaExceededError",
  "Temporal",
];
