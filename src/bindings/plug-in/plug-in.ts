/** Who calls a plug-in, and by which binding. */
export interface BindingCaller {
  readonly account: string;
  readonly worker: string;
  readonly versionId: string;
  /** Its name on `env`. */
  readonly binding: string;
  /** Its type in the upload, such as `ai`. */
  readonly type: string;
  /** What the upload says of it beside name and type, such as `{ dataset: "visits" }`. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** One call. */
export interface BindingCall extends BindingCaller {
  /** Aborts when the event ends, the worker gives up, or the time is over. */
  readonly signal: AbortSignal;
}

/**
 * Answers a method of a binding. Arguments are plain data of their own: null, booleans, numbers, strings, `Uint8Array`s,
 * arrays and objects; a message of `cloudflare:email` is `{ from, to, raw }`. The answer is the same, or `undefined`, or a
 * `ReadableStream` of bytes.
 */
export type AnswerCall = (method: string, args: readonly unknown[], call: BindingCall) => unknown;

/** What answers the bindings of one type, for all accounts. */
export interface BindingPlugIn {
  /** Answers the methods. */
  readonly answer?: AnswerCall;
  /** Answers `env.NAME.fetch(request)`. */
  readonly fetch?: (request: Request, call: BindingCall) => Promise<Response> | Response;
  /** Methods that `env.NAME` has. @default those that Cloudflare's binding of the type has, where they are plain calls */
  readonly methods?: readonly string[];
  /** Methods that answer nothing and are not waited for. @default as `methods` */
  readonly oneWay?: readonly string[];
  /** Values beside the methods, such as `{ connectionString }`: plain JSON, asked for when an isolate starts. */
  readonly values?: (caller: BindingCaller) => Readonly<Record<string, unknown>>;
  /** Says what is wrong with a binding that is to be deployed; undefined if nothing is. */
  readonly check?: (caller: Omit<BindingCaller, "versionId">) => string | undefined;
  /** Longest call, in ms. @default 60000 */
  readonly timeoutMs?: number;
  /** Calls of one account at once. @default 100 */
  readonly concurrency?: number;
}

/** Plug-ins by the type of binding that they answer; a function stands for one with `answer` alone. */
export type BindingPlugIns = Readonly<Record<string, BindingPlugIn | AnswerCall>>;

/** An error of a plug-in that the worker may see. Any other becomes "the binding failed", and its text stays with the host. */
export class BindingError extends Error {
  /** @param name `Error`, `TypeError`, `RangeError` or the name of a DOMException */
  constructor(message: string, name = "Error") {
    super(message);
    this.name = name;
  }
}
