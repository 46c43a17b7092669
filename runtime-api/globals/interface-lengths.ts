/**
 * Lengths of constructors, methods and static methods (`static name`) where the number of required arguments
 * of Web IDL differs from the number of parameters, by interface.
 */
export const INTERFACE_LENGTHS = {
  __proto__: null,
  Blob: { constructor: 0, slice: 0 },
  Cache: { match: 1, delete: 1, matchAll: 0, keys: 0 },
  CacheStorage: { match: 1 },
  File: { constructor: 2 },
  FileReader: { readAsText: 1 },
  FormData: { constructor: 0, append: 2, set: 2, forEach: 1 },
  Headers: { constructor: 0, forEach: 1 },
  MessagePort: { postMessage: 1 },
  Request: { constructor: 1 },
  Response: { constructor: 0, "static json": 1 },
  URL: { "static canParse": 1, "static parse": 1 },
  URLPattern: { constructor: 0, test: 0, exec: 0 },
  URLSearchParams: { delete: 1, has: 1, forEach: 1 },
  WebSocket: { constructor: 1, close: 0, accept: 0 },
} as unknown as Readonly<Record<string, Readonly<Record<string, number>> | undefined>>;
