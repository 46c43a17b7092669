/** The oldest and the newest compatibility date that the suite runs workerd at. */
export const DATES = ["2021-11-02", "2026-11-17"] as const;
export type CompatDate = (typeof DATES)[number];

/** One module of a worker. */
export interface CaseModule {
  readonly type: "esm" | "cjs" | "script" | "text" | "json" | "data" | "wasm";
  readonly content: string | Uint8Array;
}

/** A worker of a case, by the names of its modules; the first one has the handlers. */
export type CaseModules = Readonly<Record<string, CaseModule | string>>;

export interface CaseService {
  readonly binding: string;
  /** Name of a peer, or `self`. */
  readonly service: string;
  readonly entrypoint?: string;
  readonly props?: unknown;
}

/** What is asked of a worker, and how. */
export interface CaseRequest {
  /** What the table calls it. */
  readonly name: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Pieces are sent as chunks, one after the other; a text with its length. */
  readonly body?: string | Uint8Array | readonly string[];
  /** Ends the connection once the head came. */
  readonly abort?: boolean;
  /** Triggers `scheduled` with this cron, in place of a request; nothing but what came of the event is compared. */
  readonly cron?: string;
  /** Opens a WebSocket, sends these texts, and waits for as many messages as `replies` and for the close. */
  readonly socket?: {
    readonly send: readonly string[];
    readonly close?: readonly [number, string];
    readonly protocols?: readonly string[];
  };
}

/** A worker that runs on both sides with the same requests. */
export interface DifferentialWorker {
  /** A part of a host name: a-z, 0-9 and hyphens. */
  readonly name: string;
  readonly area: string;
  readonly modules: CaseModules;
  readonly vars?: Readonly<Record<string, unknown>>;
  readonly services?: readonly CaseService[];
  readonly peers?: Readonly<
    Record<string, { readonly modules: CaseModules; readonly services?: readonly CaseService[] }>
  >;
  readonly requests: readonly CaseRequest[];
  /** Dates that it runs at. @default both */
  readonly dates?: readonly CompatDate[];
}

export interface TextLine {
  readonly level: string;
  readonly text: string;
}

/** What came of one request, on one side. */
export interface Answer {
  readonly status: number | string;
  readonly headers: readonly string[];
  readonly body: string;
  readonly outcome: string;
  readonly exceptions: readonly { readonly name: string; readonly message: string }[];
  readonly logs: readonly TextLine[];
}

/** One side: workers that run, and how to ask them. */
export interface Side extends AsyncDisposable {
  ask(worker: string, date: CompatDate, request: CaseRequest): Promise<Answer>;
}

/** The time that a trigger is given: one of its own, so that what is told of an event can be told apart. */
export function triggerTimeMs(worker: string, date: CompatDate, { name }: CaseRequest): number {
  let hash = 0;
  for (const char of `${worker} ${date} ${name}`) hash = (hash * 31 + char.codePointAt(0)!) % 1_000_000_007;
  return 1_600_000_000_000 + hash;
}

/** The host name that a worker is asked by, on both sides. */
export function hostOf(worker: string, date: CompatDate): string {
  return `${deployedName(worker, date)}.localhost`;
}

/** The name that it is deployed as. */
export function deployedName(worker: string, date: CompatDate): string {
  return `${worker}-${date.slice(0, 4)}`;
}
