/** What a client process is to do, until it is told to stop. */
export type ClientJob =
  /** Asks at a fixed rate, whatever the answers do: open loop. Latencies count from when a request was due. */
  | {
      readonly type: "victim";
      readonly port: number;
      readonly host: string;
      readonly everyMs: number;
      readonly expects: string;
    }
  | {
      readonly type: "requests";
      readonly port: number;
      readonly host: string;
      readonly connections: number;
      readonly bodyBytes: number;
    }
  | {
      readonly type: "sockets";
      readonly port: number;
      readonly host: string;
      readonly connections: number;
      readonly messageBytes: number;
    };

/** What it did. */
export interface ClientReport {
  /** Latencies in ms, of the victim's client only. */
  readonly tookMs: readonly number[];
  readonly errors: readonly string[];
  /** Answers or messages that came back. */
  readonly answers: number;
}
