import { Session } from "node:inspector/promises";
import { FairQueue } from "../../src/bindings/crypto/fair-queue.ts";
import { KvRooms } from "../../src/bindings/kv/kv-rooms.ts";
import { CellCore } from "../../src/cell/core/cell-core.ts";
import { LoopPace } from "../../src/clock/loop-pace.ts";
import { Dispatcher } from "../../src/dispatch/dispatcher.ts";
import { FetchGates } from "../../src/egress/fetch-gates.ts";
import { HeldBytes } from "../../src/egress/held-bytes.ts";
import { ClientCount } from "../../src/http/client-count.ts";
import { IsolateHub } from "../../src/isolate/isolate-hub.ts";
import { SharedRoom } from "../../src/limits/shared-room.ts";
import { WaitingRoom } from "../../src/limits/waiting-room.ts";
import { BodyLeases } from "../../src/storage/body-leases.ts";
import { CacheTurns } from "../../src/storage/cache-turns.ts";
import { Loader } from "../../src/warm/loader.ts";
import { StartLine } from "../../src/warm/start-line.ts";
import { WarmPool } from "../../src/warm/warm-pool.ts";

/** What counts or keeps something for as long as an event or an isolate lives, and which of its fields are empty when none does. */
const LEDGERS: readonly (readonly [
  ledger: { readonly name: string; readonly prototype: object },
  ...string[],
])[] = [
  [SharedRoom, "#held", "#all"],
  [WaitingRoom, "#waiting", "#empty"],
  [KvRooms, "#gates"],
  [FairQueue, "#running"],
  [FetchGates, "#accounts"],
  [HeldBytes, "#bytes"],
  [CacheTurns, "#lines", "#running", "#waiting"],
  [BodyLeases, "#leased", "#doomedBytes"],
  [ClientCount, "#counts"],
  [LoopPace, "#waiting"],
  [Dispatcher, "#inFlight", "#held"],
  [StartLine, "#waiting", "#underWay"],
  [Loader, "#starting", "loading"],
  [WarmPool, "#groups"],
  [CellCore, "#members"],
  [IsolateHub, "#lives", "#loading", "#running"],
];

/** Reads private fields of all ledgers of this process, as a debugger does. */
export class Ledgers implements Disposable {
  readonly #session = new Session();
  /** All ledgers inherit from it meanwhile: each search of the heap collects all garbage first, which takes a second. */
  readonly #ancestor = {};

  constructor() {
    this.#session.connect();
    for (const [{ prototype }] of LEDGERS) Object.setPrototypeOf(prototype, this.#ancestor);
  }

  /** What is in them, such as `SharedRoom.#all is 3`; nothing if all are empty. */
  async open(): Promise<string[]> {
    const found: string[] = [];
    const all = await this.#instances();
    for (const [{ name }, ...fields] of LEDGERS) {
      let seen = 0;
      for (const values of all.get(name) ?? []) {
        for (const field of fields) {
          const value = values.get(field);
          if (value !== undefined) seen++;
          if (value !== undefined && value !== "0" && !value.endsWith("(0)"))
            found.push(`${name}.${field} is ${value}`);
        }
      }
      if (seen === 0 && !ONE_CELL_ONLY.includes(name)) throw new Error(`no ${name} has ${fields.join(", ")}`);
    }
    return found;
  }

  /** The fields of each ledger, by the name of its class. */
  async #instances(): Promise<Map<string, Map<string, string>[]>> {
    const session = this.#session;
    Object.assign(globalThis, { ledgerPrototype: this.#ancestor });
    const { result } = await session.post("Runtime.evaluate", { expression: "ledgerPrototype" });
    const { objects } = await session.post("Runtime.queryObjects", { prototypeObjectId: result.objectId! });
    const list = await session.post("Runtime.getProperties", {
      objectId: objects.objectId!,
      ownProperties: true,
    });
    const all = new Map<string, Map<string, string>[]>();
    for (const { name, value } of list.result) {
      if (!/^\d+$/.test(name) || value?.objectId === undefined) continue;
      const of = await session.post("Runtime.getProperties", {
        objectId: value.objectId,
        ownProperties: true,
      });
      // Node's types do not know them.
      const { privateProperties = [] } = of as { privateProperties?: typeof of.result };
      const fields = [...of.result, ...privateProperties].map(
        (field) => [field.name, field.value?.description ?? String(field.value?.value)] as const,
      );
      const ledger = value.className ?? "";
      all.set(ledger, [...(all.get(ledger) ?? []), new Map(fields)]);
    }
    await session.post("Runtime.releaseObject", { objectId: objects.objectId! });
    return all;
  }

  [Symbol.dispose](): void {
    for (const [{ prototype }] of LEDGERS) Object.setPrototypeOf(prototype, Object.prototype);
    this.#session.disconnect();
  }
}

/** Of cells in processes of their own these are there, not here. */
const ONE_CELL_ONLY: readonly string[] = ["CellCore", "IsolateHub"];
