import { Out, type OutMessage } from "../../runtime-api/contract/out.ts";
import type { Clock } from "../clock/clock.ts";
import type { Meter } from "../meter/meter.ts";
import type { Version } from "../versions/version.ts";
import { LogBudget } from "./log-budget.ts";

/** What the log of a version says whose code cache is larger than those that are kept. */
export const UNCACHEABLE: OutMessage = {
  type: Out.log,
  event: 0,
  level: "warn",
  text: "The code cache of this worker's script is larger than those that are kept: each cold start compiles the script anew.",
};

/** Logs what a version's top level said while an isolate of it started: event 0, with the budget of an event. */
export function logTopLevel(
  { meter, clock }: { readonly meter: Meter; readonly clock: Clock },
  version: Version,
  messages: readonly OutMessage[],
): void {
  const { account, worker, id: versionId, limits } = version;
  const budget = new LogBudget(limits, (level, text) => {
    meter.log({ account, worker, versionId, timeMs: clock.now(), eventId: 0, level, text }, (line) =>
      version.mapText(line),
    );
  });
  for (const message of messages) {
    if (message.type === Out.log) budget.write(message.level, message.text);
    else if (message.type === Out.exception) {
      budget.write("error", message.stack || `${message.name}: ${message.message}`);
    }
  }
}
