import { Event, type EventInit } from "./event.ts";

/** An event that carries any value. */
export class CustomEvent extends Event {
  #detail: unknown;
  constructor(type: string, init?: EventInit & { detail?: unknown }) {
    super(type, init);
    this.#detail = init?.detail ?? null;
  }
  get detail(): unknown {
    return this.#detail;
  }
}
