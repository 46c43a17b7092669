import { name } from "../../../src/config/document/config-reader.ts";
import { cronProblems } from "../../../src/index.ts";
import { asksForSomething } from "../check-keys.ts";
import type { ConfigScope } from "../config-scope.ts";

/** `triggers.crons`: undefined where the config does not say, so that those of the worker stay as they are. */
export function readCrons(scope: ConfigScope): readonly string[] | undefined {
  const { reader } = scope;
  const triggers = reader.table(scope.of("triggers"), "triggers");
  if (!triggers) return undefined;
  scope.warnUnknown(triggers, ["crons", "events"]);
  const crons = reader.strings(triggers, "crons", "a list of cron expressions");
  for (const [index, cron] of (crons ?? []).entries())
    for (const problem of cronProblems([cron]))
      reader.problem([...triggers.path, "crons", index], problem.replace(/^crons\[0\]: /, ""));
  const events = reader.tables(triggers, "events");
  const path = [...triggers.path, "events"];
  if (asksForSomething(events.map(({ value }) => value)))
    reader.problem(path, `${name(path)} asks for what Skerry does not have: events of Artifacts`);
  return crons;
}
