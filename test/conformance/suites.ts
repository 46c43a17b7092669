/** A named part of web-platform-tests. */
export interface Suite {
  readonly name: string;
  /** Folders or files below the checkout's root; folders are searched to the bottom. */
  readonly paths: readonly string[];
  /** What is left out of them, by beginning of the path, with the reason. */
  readonly without?: Readonly<Record<string, string>>;
}

const NO_DOCUMENT = "needs a document, frames or workers of its own";
const NO_CORS = "a server has no origin, so nothing is cross-origin";
const NO_CACHE = "needs a browser's HTTP cache";

/** The suites that a server runtime can run, in the order of the report. */
export const SUITES: readonly Suite[] = [
  { name: "url", paths: ["url"] },
  { name: "urlpattern", paths: ["urlpattern"] },
  { name: "encoding", paths: ["encoding"] },
  { name: "streams", paths: ["streams"], without: { "streams/transferable": NO_DOCUMENT } },
  { name: "fetch-headers", paths: ["fetch/api/headers"] },
  {
    name: "fetch-request",
    paths: ["fetch/api/request"],
    without: { "fetch/api/request/destination": NO_DOCUMENT, "fetch/api/request/multi-globals": NO_DOCUMENT },
  },
  {
    name: "fetch-response",
    paths: ["fetch/api/response"],
    without: { "fetch/api/response/multi-globals": NO_DOCUMENT },
  },
  { name: "fetch-body", paths: ["fetch/api/body"] },
  {
    name: "fetch-rest",
    paths: [
      "fetch/api/basic",
      "fetch/api/abort",
      "fetch/api/redirect",
      "fetch/api/idlharness.any.js",
      "fetch/content-encoding",
      "fetch/content-length",
      "fetch/content-type",
    ],
    without: { "fetch/api/redirect/redirect-to-dataurl": NO_CORS },
  },
  { name: "data-urls", paths: ["fetch/data-urls"] },
  { name: "form-data", paths: ["xhr/formdata"] },
  {
    name: "fileapi",
    paths: ["FileAPI"],
    without: {
      "FileAPI/url": "object URLs live as long as a document",
      "FileAPI/reading-data-section/filereader_file": NO_DOCUMENT,
    },
  },
  { name: "mimesniff", paths: ["mimesniff"] },
  { name: "dom-idl", paths: ["dom/idlharness.any.js"] },
  { name: "dom-abort", paths: ["dom/abort"] },
  { name: "dom-events", paths: ["dom/events"] },
  { name: "html-base64", paths: ["html/webappapis/atob"] },
  { name: "html-structured-clone", paths: ["html/webappapis/structured-clone"] },
  { name: "html-timers", paths: ["html/webappapis/timers"] },
  { name: "html-microtask", paths: ["html/webappapis/microtask-queuing"] },
  { name: "html-scripting", paths: ["html/webappapis/scripting"] },
  { name: "webcrypto", paths: ["WebCryptoAPI"] },
  { name: "compression", paths: ["compression"] },
  { name: "hr-time", paths: ["hr-time"] },
  { name: "user-timing", paths: ["user-timing", "performance-timeline"] },
  { name: "webmessaging", paths: ["webmessaging"] },
  { name: "console", paths: ["console"] },
  { name: "webidl", paths: ["webidl"] },
  { name: "wasm-jsapi", paths: ["wasm/jsapi"] },
  { name: "wasm-webapi", paths: ["wasm/webapi"] },
  {
    name: "eventsource",
    paths: ["eventsource"],
    without: { "eventsource/request-cache-control": "needs a second host name" },
  },
  {
    name: "websockets",
    paths: ["websockets"],
    without: { "websockets/stream": "WebSocketStream is an experiment of one browser" },
  },
  { name: "cache-storage", paths: ["service-workers/cache-storage"] },
  { name: "fetch-cache", paths: ["fetch/http-cache"], without: { "fetch/http-cache/cc-request": NO_CACHE } },
];
