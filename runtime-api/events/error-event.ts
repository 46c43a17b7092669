import { dictionary, requireConstructorArguments } from "../webidl/arguments.ts";
import { toText, toUnsignedLong, toWellFormedText } from "../webidl/convert.ts";
import { errorArguments } from "./error-arguments.ts";
import { Event, type EventInit } from "./event.ts";

export interface ErrorEventInit extends EventInit {
  message?: string;
  filename?: string;
  lineno?: number;
  colno?: number;
  error?: unknown;
}

/** Tells of an error that nobody caught. HTML, 8.1.4.2. */
export class ErrorEvent extends Event {
  #message: string;
  #filename: string;
  #lineno: number;
  #colno: number;
  #error: unknown;
  constructor(type: string, init: ErrorEventInit = {}) {
    requireConstructorArguments("ErrorEvent", arguments.length, 1);
    super(type, init);
    const given = dictionary(init, "The second argument of 'ErrorEvent'");
    const { colno } = given;
    this.#colno = colno === undefined ? 0 : toUnsignedLong(colno);
    this.#error = given.error;
    const { filename } = given;
    this.#filename = filename === undefined ? "" : toWellFormedText(filename);
    const { lineno } = given;
    this.#lineno = lineno === undefined ? 0 : toUnsignedLong(lineno);
    const { message } = given;
    this.#message = message === undefined ? "" : toText(message);
  }
  get message(): string {
    return this.#message;
  }
  get filename(): string {
    return this.#filename;
  }
  get lineno(): number {
    return this.#lineno;
  }
  get colno(): number {
    return this.#colno;
  }
  get error(): unknown {
    return this.#error;
  }

  static {
    errorArguments.of = (event) =>
      #error in event
        ? [event.#message, event.#filename, event.#lineno, event.#colno, event.#error]
        : undefined;
  }
}
