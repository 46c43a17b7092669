/** What a cell's child writes down in a small file that outlives it: that its loop goes on, and where it is. */

/** Words of 8 bytes before the slots: when the loop ran last (monotonic ms), resident bytes as the child sees them. */
const BEAT = 0;
const RSS = 1;
const HEAD_WORDS = 4;
/** Words of a slot: isolate, when it was entered (monotonic ms), limit in ms, state, number of events, events. */
const SLOT_WORDS = 12;
const EVENTS_AT = 5;
const EVENTS_KEPT = SLOT_WORDS - EVENTS_AT;
/** More than a cell ever runs at once, with those that cannot be stopped. */
const SLOTS = 64;
const TABLE_WORDS = HEAD_WORDS + SLOTS * SLOT_WORDS;

/** Size of the whole table. */
export const TABLE_BYTES: number = TABLE_WORDS * 8;

const State = { free: 0, entered: 1, stuck: 2 } as const;

/** An isolate that was entered and has not been left. */
export interface EntryMark {
  readonly isolate: number;
  /** Monotonic time of the entry, in ms. */
  readonly enteredMs: number;
  /** CPU that the entry may use, in ms. */
  readonly limitMs: number;
  /** The cell has found that it cannot be stopped. */
  readonly stuck: boolean;
  /** How many events the entry holds; 0 is the top level, -1 something else than an event. */
  readonly eventCount: number;
  /** The first of those events. */
  readonly events: readonly number[];
}

/** What a table says. */
export interface EntryTable {
  readonly beatMs: number;
  readonly rssBytes: number;
  /** In order of entry. */
  readonly marks: readonly EntryMark[];
}

/** The child's side: a table in memory, with what of it has to be written. */
export class EntryTableWriter {
  readonly #words = new Float64Array(TABLE_WORDS);
  readonly bytes: Buffer = Buffer.from(this.#words.buffer);
  readonly #slots = new Map<number, number>();
  /** Slots up to here have been used. */
  #used = 0;

  /** Bytes from the start that hold all that there is. */
  get sizeBytes(): number {
    return (HEAD_WORDS + this.#used * SLOT_WORDS) * 8;
  }

  beat(nowMs: number, rssBytes?: number): void {
    this.#words[BEAT] = nowMs;
    if (rssBytes !== undefined) this.#words[RSS] = rssBytes;
  }

  enter(isolate: number, events: readonly number[], limitMs: number, nowMs: number): void {
    const slot = this.#slots.get(isolate) ?? this.#free();
    if (slot === -1) return;
    this.#slots.set(isolate, slot);
    const words = this.#words;
    const at = HEAD_WORDS + slot * SLOT_WORDS;
    words[at] = isolate;
    words[at + 1] = nowMs;
    words[at + 2] = limitMs;
    words[at + 3] = State.entered;
    words[at + 4] = events.length;
    for (let i = 0; i < EVENTS_KEPT && i < events.length; i++) words[at + EVENTS_AT + i] = events[i]!;
  }

  /** Gives whether it had been entered. */
  leave(isolate: number): boolean {
    return this.#set(isolate, State.free) && this.#slots.delete(isolate);
  }

  /** Gives whether it had been entered. */
  stuck(isolate: number): boolean {
    return this.#set(isolate, State.stuck);
  }

  #set(isolate: number, state: number): boolean {
    const slot = this.#slots.get(isolate);
    if (slot === undefined) return false;
    this.#words[HEAD_WORDS + slot * SLOT_WORDS + 3] = state;
    return true;
  }

  #free(): number {
    for (let slot = 0; slot < SLOTS; slot++) {
      if (this.#words[HEAD_WORDS + slot * SLOT_WORDS + 3] !== State.free) continue;
      this.#used = Math.max(this.#used, slot + 1);
      return slot;
    }
    return -1;
  }
}

/**
 * Reads a table that a child wrote. A cell that was taken over can write anything: what makes no sense is left out,
 * and who reads it has to check whose the isolates are.
 */
export function readEntryTable(bytes: Uint8Array): EntryTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): number => (at * 8 + 8 <= bytes.length ? view.getFloat64(at * 8, true) : 0);
  const marks: EntryMark[] = [];
  for (let at = HEAD_WORDS; at + SLOT_WORDS <= TABLE_WORDS; at += SLOT_WORDS) {
    const state = word(at + 3);
    if (state !== State.entered && state !== State.stuck) continue;
    const isolate = word(at);
    const enteredMs = word(at + 1);
    const limitMs = word(at + 2);
    const eventCount = word(at + 4);
    if (!Number.isSafeInteger(isolate) || isolate < 1 || !(enteredMs > 0) || !(limitMs >= 0)) continue;
    if (!Number.isSafeInteger(eventCount) || eventCount < 1) continue;
    const events: number[] = [];
    for (let i = 0; i < Math.min(eventCount, EVENTS_KEPT); i++) events.push(word(at + EVENTS_AT + i));
    if (!events.every((event) => Number.isSafeInteger(event) && event >= -1)) continue;
    marks.push({ isolate, enteredMs, limitMs, stuck: state === State.stuck, eventCount, events });
  }
  marks.sort((a, b) => a.enteredMs - b.enteredMs);
  return { beatMs: word(BEAT), rssBytes: word(RSS), marks };
}
