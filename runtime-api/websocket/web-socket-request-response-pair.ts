import { requireConstructorArguments } from "../webidl/arguments.ts";
import { toText } from "../webidl/convert.ts";

/** A message and the answer that may be given to it without waking anybody, as on Workers. */
export class WebSocketRequestResponsePair {
  readonly #request: string;
  readonly #response: string;
  constructor(request: string, response: string) {
    requireConstructorArguments("WebSocketRequestResponsePair", arguments.length, 2);
    this.#request = toText(request);
    this.#response = toText(response);
  }
  get request(): string {
    return this.#request;
  }
  get response(): string {
    return this.#response;
  }
}
