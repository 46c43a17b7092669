import { stringCharCodeAt, stringIncludes, stringIndexOf, stringSlice } from "../primordials/string.ts";

const LF = 10;
const CR = 13;
/** Longest line and longest data of one event, in UTF-16 units: beyond them the stream is broken. */
const LONGEST = 16 * 1024 * 1024;

/** What the lines of an event stream amount to. */
export interface EventStreamSink {
  /** An event ended; one without data only tells the id that counts from now on. */
  event(type: string, data: string | undefined, lastEventId: string): void;
  /** The server asks for another time until the next attempt, in ms. */
  retry(delayMs: number): void;
}

/** Reads the text of an event stream, piece by piece. HTML, 9.2.6. */
export class EventStreamParser {
  readonly #sink: EventStreamSink;
  #line = "";
  #endedWithCr = false;
  #data = "";
  #hasData = false;
  #type = "";
  #id: string;

  /** @param lastEventId what events have that do not name their own: the last one of the connection before */
  constructor(sink: EventStreamSink, lastEventId: string) {
    this.#sink = sink;
    this.#id = lastEventId;
  }

  /**
   * Takes the next piece. `goesOn` is asked before each line, since whoever gets a message may close.
   * @returns false if a line or an event is longer than anyone takes
   */
  push(text: string, goesOn: () => boolean): boolean {
    let start = 0;
    if (this.#endedWithCr && text.length > 0) {
      this.#endedWithCr = false;
      if (stringCharCodeAt(text, 0) === LF) start = 1;
    }
    let lf = stringIndexOf(text, "\n", start);
    let cr = stringIndexOf(text, "\r", start);
    while (lf >= 0 || cr >= 0) {
      const end = lf < 0 || (cr >= 0 && cr < lf) ? cr : lf;
      const line = this.#line + stringSlice(text, start, end);
      this.#line = "";
      if (!goesOn()) return true;
      this.#process(line);
      start = end + 1;
      if (stringCharCodeAt(text, end) === CR) {
        if (start === text.length) this.#endedWithCr = true;
        else if (stringCharCodeAt(text, start) === LF) start++;
      }
      if (lf >= 0 && lf < start) lf = stringIndexOf(text, "\n", start);
      if (cr >= 0 && cr < start) cr = stringIndexOf(text, "\r", start);
    }
    this.#line += stringSlice(text, start);
    return this.#line.length <= LONGEST && this.#data.length <= LONGEST;
  }

  #process(line: string): void {
    if (line === "") {
      this.#dispatch();
      return;
    }
    const colon = stringIndexOf(line, ":");
    if (colon === 0) return;
    const field = colon < 0 ? line : stringSlice(line, 0, colon);
    let value = colon < 0 ? "" : stringSlice(line, colon + 1);
    if (stringCharCodeAt(value, 0) === 32) value = stringSlice(value, 1);
    if (field === "data") {
      this.#data = this.#hasData ? `${this.#data}\n${value}` : value;
      this.#hasData = true;
    } else if (field === "event") this.#type = value;
    else if (field === "id") {
      if (!stringIncludes(value, "\0")) this.#id = value;
    } else if (field === "retry" && isDigits(value)) this.#sink.retry(+value);
  }

  #dispatch(): void {
    const type = this.#type;
    const data = this.#hasData ? this.#data : undefined;
    this.#type = this.#data = "";
    this.#hasData = false;
    this.#sink.event(type === "" ? "message" : type, data, this.#id);
  }
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = stringCharCodeAt(text, i);
    if (code < 48 || code > 57) return false;
  }
  return text.length > 0;
}
