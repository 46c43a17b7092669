import type { Flat } from "../../../runtime-api/contract/flat.ts";

/** A record as it goes into a slice, without its event. */
export interface LaterRecord {
  readonly flat: readonly Flat[];
  /** Its texts and bytes. */
  readonly sizeBytes: number;
  /** Whether it ends a message of a WebSocket. */
  readonly endsMessage: boolean;
}

/** Records of one event that wait for a later turn, first in, first out; each costs the same however many wait. */
export class LaterRecords {
  #records: LaterRecord[] = [];
  #from = 0;
  #sizeBytes = 0;

  /** Texts and bytes of all of them. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The one that came first; undefined if there is none. */
  get first(): LaterRecord | undefined {
    return this.#records[this.#from];
  }

  add(record: LaterRecord): void {
    this.#records.push(record);
    this.#sizeBytes += record.sizeBytes;
  }

  /** Takes the one that came first away. */
  shift(): void {
    this.#sizeBytes -= this.first?.sizeBytes ?? 0;
    this.#from++;
    // What was taken is let go half of the records at a time: a shift of the array each time would move them all.
    if (2 * this.#from < this.#records.length) return;
    this.#records = this.#records.slice(this.#from);
    this.#from = 0;
  }
}
