import { NoPlace } from "./load-refused.ts";
import type { WarmIsolate } from "./warm-isolate.ts";

/** Somebody who waits for an isolate of a version. */
export interface Waiter {
  /** Monotonic time after which it is not worth waiting any more. */
  untilMs: number;
  /** Takes a place in an isolate whose load is under way, too. */
  readonly boards: boolean;
  resolve(acquired: Acquired): void;
  reject(reason: unknown): void;
}

/** A place in an isolate. */
export interface Acquired {
  readonly isolate: WarmIsolate;
  /** The event waited for a start, or goes along with one. */
  readonly cold: boolean;
}

/** The isolates of one version, and who waits for one. */
export class Group {
  readonly isolates: WarmIsolate[] = [];
  readonly waiters: Waiter[] = [];
  /** Starts that are under way or queued. */
  starting = 0;
  /** Isolates of those whose load was sent. */
  readonly loading: Set<WarmIsolate> = new Set();

  /** The warm isolate with the most room, or null if none has a place left. */
  roomiest(placesPerIsolate: number): WarmIsolate | null {
    let best: WarmIsolate | null = null;
    for (const isolate of this.isolates) {
      if (isolate.state !== "warm" || isolate.places >= placesPerIsolate) continue;
      if (best === null || isolate.places < best.places) best = isolate;
    }
    return best;
  }

  /** Gives places to those who wait, as long as there are some. */
  serve(placesPerIsolate: number): void {
    while (this.waiters.length > 0) {
      const isolate = this.roomiest(placesPerIsolate);
      if (isolate === null) return;
      isolate.places++;
      this.waiters.shift()!.resolve({ isolate, cold: true });
    }
  }

  /** Gives places in an isolate whose load was just sent to those who wait: what they send goes along with it. */
  board(isolate: WarmIsolate, placesPerIsolate: number): void {
    this.loading.add(isolate);
    if (isolate.state !== "loading") return;
    while (isolate.places < placesPerIsolate && this.waiters[0]?.boards === true) {
      isolate.places++;
      this.waiters.shift()!.resolve({ isolate, cold: true });
    }
  }

  /**
   * Turns those away who have waited for too long; they stand first.
   * @param stoodMs how long the host itself stood still of late: that keeps nobody waiting
   */
  expire(nowMs: number, stoodMs = 0): void {
    if (stoodMs > 0) for (const waiter of this.waiters) waiter.untilMs += stoodMs;
    while (this.waiters.length > 0 && this.waiters[0]!.untilMs <= nowMs)
      this.waiters.shift()!.reject(new NoPlace());
  }

  /** Whether more isolates are needed for those who wait than are on their way. */
  wantsStart(placesPerIsolate: number, maxIsolates: number): boolean {
    let coming = this.starting * placesPerIsolate;
    for (const { places } of this.loading) coming -= places;
    return this.waiters.length > coming && this.isolates.length + this.starting < maxIsolates;
  }

  remove(isolate: WarmIsolate): void {
    const index = this.isolates.indexOf(isolate);
    if (index >= 0) this.isolates.splice(index, 1);
  }

  get empty(): boolean {
    return this.isolates.length === 0 && this.waiters.length === 0 && this.starting === 0;
  }
}
