import { LOG_LINES_PER_EVENT } from "../../../runtime-api/contract/bounds.ts";
import { In, type InMessage, opensEvent } from "../../../runtime-api/contract/in.ts";
import { Out, type OutMessage } from "../../../runtime-api/contract/out.ts";
import { IdTable } from "../../ids/id-table.ts";
import { EventLedger } from "./event-ledger.ts";
import { Violation } from "./violation.ts";

/** Events that the host dropped and of which something may still be under way. */
const REMEMBERED_DROPS = 4_096;

/** The order rules of one isolate: which events live, and what each of them may say. */
export class IsolateLedger {
  readonly #isHosts: boolean;
  readonly #events = new IdTable<EventLedger>();
  readonly #dropped = new Set<number>();
  #lastEvent = 0;
  #globalLogLines = 0;
  /** Records, of either side, that came too late or meant nothing, and were left out. */
  late = 0;

  /** @param isHosts whether the host keeps it, to check what a cell has let out */
  constructor(isHosts = false) {
    this.#isHosts = isHosts;
  }

  /** Events that have begun and not ended. */
  get live(): readonly number[] {
    return this.#events.keys();
  }

  isLive(event: number): boolean {
    return this.#events.has(event);
  }

  /** Whether something is to come for a live event though the isolate does nothing more. */
  expects(event: number): boolean {
    return this.#events.get(event)?.expects ?? false;
  }

  /** Notes a record of the host. Gives false if it must not go in. */
  inbound(message: InMessage): boolean {
    const { event } = message;
    // It says something of the event that the next record opens.
    if (message.type === In.entry) return event > this.#lastEvent || this.#isLate();
    if (opensEvent(message.type)) {
      if (event <= this.#lastEvent) return this.#isLate();
      this.#lastEvent = event;
      const ledger = new EventLedger(message.type === In.fetch, this.#isHosts);
      this.#events.set(event, ledger);
      return ledger.inbound(message);
    }
    const ledger = this.#events.get(event);
    if (ledger === undefined || !ledger.inbound(message)) return this.#isLate();
    if (message.type === In.drop) this.#drop(event);
    return true;
  }

  /**
   * Checks a record of the isolate. Gives false if it is late and must not go out.
   * @throws Violation if an honest runtime could not have sent it
   */
  outbound(message: OutMessage): boolean {
    const { event } = message;
    if (event === 0) return this.#global(message);
    const ledger = this.#events.get(event);
    if (ledger === undefined) {
      if (this.#dropped.has(event)) return this.#isLate();
      // A rejection may float after its event's end, and the cell says so.
      if (this.#isHosts && event <= this.#lastEvent) return this.#isLate();
      throw new Violation(
        event > this.#lastEvent ? "an event that never began" : "an event goes on after its end",
      );
    }
    if (!ledger.outbound(message)) return this.#isLate();
    if (message.type === Out.end) this.#events.delete(event);
    return true;
  }

  #global(message: OutMessage): boolean {
    if (message.type !== Out.log && message.type !== Out.exception) {
      throw new Violation(`a record of type ${message.type} in the global scope`);
    }
    if (
      message.type === Out.log &&
      ++this.#globalLogLines > LOG_LINES_PER_EVENT * (this.#isHosts ? 2 : 1) + 2
    ) {
      throw new Violation("too many log lines");
    }
    return true;
  }

  #drop(event: number): void {
    this.#events.delete(event);
    this.#dropped.add(event);
    if (this.#dropped.size <= REMEMBERED_DROPS) return;
    for (const oldest of this.#dropped) {
      this.#dropped.delete(oldest);
      return;
    }
  }

  #isLate(): false {
    this.late++;
    return false;
  }
}
