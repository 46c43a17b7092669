import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { In, type InMessage, opensEvent } from "../../../runtime-api/contract/in.ts";
import { encodeIn } from "../protocol/in-codec.ts";
import { endsMessage } from "../protocol/socket-ledger.ts";
import { LaterRecords } from "./later-records.ts";

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
  #later = new Map<number, LaterRecords>();
  #laterBytes = 0;
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
      const records = new LaterRecords();
      this.#later.set(event, records);
      this.#postpone(records, message);
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
    this.#slices = new Map();
    this.#fresh = new Set();
    this.#sizeBytes = this.#laterBytes;
    for (const [event, later] of this.#later) this.#goOn(event, later);
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
      const later = this.#later.get(event);
      if (later !== undefined) this.#goOn(event, later);
    }
    return { slices, fresh };
  }

  /** Fills the next slice of an event whose last one was taken, up to its next message but one. */
  #goOn(event: number, later: LaterRecords): void {
    const flat = this.#sliceOf(event);
    for (let record = later.first; record !== undefined; record = later.first) {
      if (record.endsMessage && this.#fresh.has(event)) return;
      for (const value of record.flat) flat.push(value);
      this.#laterBytes -= record.sizeBytes;
      if (record.endsMessage) this.#fresh.add(event);
      later.shift();
    }
    this.#later.delete(event);
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
    const sizeBytes = this.#later.get(event)?.sizeBytes ?? 0;
    this.#sizeBytes -= sizeBytes;
    this.#laterBytes -= sizeBytes;
    this.#later.delete(event);
  }

  #postpone(later: LaterRecords, message: InMessage): void {
    const flat: Flat[] = [];
    encodeIn(flat, message);
    const sizeBytes = sizeOf(flat);
    later.add({ flat, sizeBytes, endsMessage: endsMessage(message) });
    this.#sizeBytes += sizeBytes;
    this.#laterBytes += sizeBytes;
  }

  #append(message: InMessage): void {
    const { event } = message;
    const flat = this.#sliceOf(event);
    const from = flat.length;
    encodeIn(flat, message);
    this.#sizeBytes += sizeOf(flat, from);
    if (endsMessage(message)) this.#fresh.add(event);
  }

  #sliceOf(event: number): Flat[] {
    let flat = this.#slices.get(event);
    if (flat === undefined) this.#slices.set(event, (flat = [event, 0]));
    return flat;
  }
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
