import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { In, type InMessage, opensEvent } from "../../../runtime-api/contract/in.ts";
import { encodeIn } from "../protocol/in-codec.ts";
import { endsMessage } from "../protocol/socket-ledger.ts";

/** Where the type of the first record stands in a slice. */
const FIRST_TYPE = 2;

/**
 * Records that wait for the next turn of an isolate, a slice per event in order of arrival. A slice holds at most
 * one message of a WebSocket, since each gives its event new budgets: what follows waits for the turn after.
 */
export class SliceQueue {
  #slices = new Map<number, Flat[]>();
  /** Events whose slice holds a message of a WebSocket. */
  #fresh = new Set<number>();
  #later = new Map<number, InMessage[]>();
  #sizeBytes = 0;

  /** Texts and bytes that wait, a byte for each unit of a text. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get isEmpty(): boolean {
    return this.#slices.size === 0;
  }

  add(message: InMessage): void {
    const { event } = message;
    if (message.type === In.drop) {
      this.#forgetLater(event);
      if (this.#withdraw(event)) return;
    }
    const later = this.#later.get(event);
    if (later !== undefined) this.#postpone(later, message);
    else if (endsMessage(message) && this.#fresh.has(event)) {
      const messages: InMessage[] = [];
      this.#later.set(event, messages);
      this.#postpone(messages, message);
    } else this.#append(message);
  }

  /**
   * The slices of the next turn, `[event, 0, ...records]`, and which of their events get new budgets.
   * @param most how many at most; the others wait
   */
  take(most: number): { readonly slices: ReadonlyMap<number, Flat[]>; readonly fresh: ReadonlySet<number> } {
    return this.#slices.size <= most ? this.#takeAll() : this.#takeSome(most);
  }

  #takeAll(): { readonly slices: ReadonlyMap<number, Flat[]>; readonly fresh: ReadonlySet<number> } {
    const taken = { slices: this.#slices, fresh: this.#fresh };
    const later = this.#later;
    this.#slices = new Map();
    this.#fresh = new Set();
    this.#later = new Map();
    this.#sizeBytes = 0;
    for (const messages of later.values()) for (const message of messages) this.add(message);
    return taken;
  }

  #takeSome(most: number): { readonly slices: Map<number, Flat[]>; readonly fresh: Set<number> } {
    const slices = new Map<number, Flat[]>();
    const fresh = new Set<number>();
    for (const [event, flat] of this.#slices) {
      if (slices.size >= most) break;
      slices.set(event, flat);
      this.#slices.delete(event);
      this.#sizeBytes -= sizeOf(flat);
      if (this.#fresh.delete(event)) fresh.add(event);
    }
    for (const event of fresh) {
      const later = this.#later.get(event) ?? [];
      this.#later.delete(event);
      for (const message of later) {
        this.#sizeBytes -= sizeOf(encoded(message));
        this.add(message);
      }
    }
    return { slices, fresh };
  }

  /** Takes an event back that the isolate has not seen: it need not run for nobody. */
  #withdraw(event: number): boolean {
    const flat = this.#slices.get(event);
    const first = flat?.[FIRST_TYPE];
    if (flat === undefined || !(opensEvent(first) || first === In.entry)) return false;
    this.#slices.delete(event);
    this.#fresh.delete(event);
    this.#sizeBytes -= sizeOf(flat);
    return true;
  }

  #forgetLater(event: number): void {
    for (const message of this.#later.get(event) ?? []) this.#sizeBytes -= sizeOf(encoded(message));
    this.#later.delete(event);
  }

  #postpone(later: InMessage[], message: InMessage): void {
    later.push(message);
    this.#sizeBytes += sizeOf(encoded(message));
  }

  #append(message: InMessage): void {
    const { event } = message;
    let flat = this.#slices.get(event);
    if (flat === undefined) this.#slices.set(event, (flat = [event, 0]));
    const from = flat.length;
    encodeIn(flat, message);
    this.#sizeBytes += sizeOf(flat, from);
    if (endsMessage(message)) this.#fresh.add(event);
  }
}

function encoded(message: InMessage): Flat[] {
  const flat: Flat[] = [];
  encodeIn(flat, message);
  return flat;
}

function sizeOf(flat: readonly Flat[], from = 0): number {
  let size = 0;
  for (let i = from; i < flat.length; i++) {
    const value = flat[i];
    if (typeof value === "string") size += value.length;
    else if (value instanceof Uint8Array) size += value.length;
  }
  return size;
}
