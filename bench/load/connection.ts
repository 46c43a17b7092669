import { connect, type Socket } from "node:net";
import { type Answer, AnswerReader } from "./answer-reader.ts";

/** An answer, and when its first byte came (`performance.now()`). */
export interface TimedAnswer extends Answer {
  readonly firstByteMs: number;
}

interface Waiting {
  readonly resolve: (answer: TimedAnswer) => void;
  readonly reject: (error: Error) => void;
  firstByteMs: number;
}

/** How long a server may be silent, in ms: one that has stopped shall not stop the run. */
const SILENCE_MS = 60_000;

/** A kept connection that asks one thing at a time. Node's own client would cost more than what is measured. */
export class Connection {
  readonly #socket: Socket;
  readonly #reader = new AnswerReader();
  #waiting: Waiting | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (piece: string) => this.#take(piece));
    socket.setTimeout(SILENCE_MS, () => {
      if (this.#waiting === null) return;
      this.#fail(new Error(`the server did not answer within ${SILENCE_MS / 1_000} s`));
      socket.destroy();
    });
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the server closed the connection")));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new Connection(socket);
  }

  /** Asks a host for a path. @throws Error when the connection ends first. */
  async ask(host: string, path = "/"): Promise<TimedAnswer> {
    return await new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject, firstByteMs: 0 };
      this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    });
  }

  close(): void {
    this.#waiting = null;
    this.#socket.destroy();
  }

  #take(piece: string): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    if (waiting.firstByteMs === 0) waiting.firstByteMs = performance.now();
    const answer = this.#reader.push(piece);
    if (answer === null) return;
    this.#waiting = null;
    waiting.resolve({ ...answer, firstByteMs: waiting.firstByteMs });
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}
