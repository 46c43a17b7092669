/**
 * Questions that the runtime asks its cell in the middle of a slice, by one synchronous callback
 * `ask(op, ...args)`. Each is a pure function of primitives, answered inside the cell and bounded;
 * its time is counted as the event's CPU. Nothing here reaches storage, the network or the host.
 */
export const Ask = {
  /** `(input, base | null)` -> the parts of the URL, see {@link URL_PARTS}, or null if it does not parse. */
  urlParse: 1,
  /** `(href, part, value)` -> the parts after setting one of {@link URL_PARTS} but `origin`. */
  urlSet: 2,
  /** `(count)` -> so many random bytes; at most 65,536. */
  random: 3,
  /** `(text)` -> its UTF-8 bytes. */
  utf8Encode: 4,
  /** `(bytes, fatal, ignoreBOM)` -> text, or null where fatal and malformed. */
  utf8Decode: 5,
  /** `(name)` -> the script of one of `PARTS` (`parts.ts`), or null for any other name. */
  part: 10,
  /**
   * `(bytes, memoryMb)` -> the binary of a WebAssembly module with its memories and tables held to their limits, null
   * if it is so already, or a text that says why it is refused. At most `WASM_BYTES`.
   */
  wasmCap: 30,
  /** `()` -> the `WebAssembly.Module` of the HTML rewriter, the only answer that is an object; null if there is none. */
  htmlRewriter: 31,
} as const;
export type Ask = (typeof Ask)[keyof typeof Ask];

/** Longest text that a question about a URL takes, in UTF-16 units; longer ones do not parse. */
export const URL_CHARS: number = 1024 * 1024;

/** The parts of a parsed URL, joined by line feeds in this order (no part can hold one). */
export const URL_PARTS = [
  "href",
  "origin",
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
] as const;
export type UrlPart = (typeof URL_PARTS)[number];

/** What the cell hands to the runtime: `op` is one of {@link Ask}. Never throws; null is "no". */
export type AskCell = (
  op: Ask,
  ...args: (string | number | boolean | null | Uint8Array)[]
) => string | Uint8Array | object | null;
