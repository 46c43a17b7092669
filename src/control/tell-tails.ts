import type { Clock } from "../clock/clock.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { TailConsumers } from "../events/tail/tail-consumers.ts";
import type { Meter } from "../meter/meter.ts";
import type { TailFeed } from "../meter/tail-feed.ts";
import type { Stores } from "../storage/stores.ts";
import type { Catalog } from "./catalog.ts";
import { pickVersion } from "./traffic.ts";

/** Tells tail consumers of events: by the version that takes a consumer's traffic then. */
export function tellTails(
  { control }: Pick<Stores, "control">,
  feed: TailFeed,
  catalog: Catalog,
  dispatcher: Dispatcher,
  meter: Meter,
  clock: Clock,
): TailConsumers {
  const versionOf = (account: string, worker: string): ReturnType<typeof pickVersion> | undefined => {
    const active = catalog.get(account, worker);
    return active === undefined ? undefined : pickVersion(active.traffic, "");
  };
  return new TailConsumers({
    store: control.tailConsumers,
    feed,
    async run(account, consumer, batch) {
      const version = versionOf(account, consumer);
      if (version !== undefined) await dispatcher.tail(version, batch);
    },
    dropped(account, worker, count) {
      const versionId = versionOf(account, worker)?.id;
      if (versionId === undefined) return;
      const text = `tail() was not told of ${count} events: more came than it takes in`;
      meter.log({ account, worker, versionId, timeMs: clock.now(), eventId: 0, level: "warn", text });
    },
  });
}
