import { subscribe } from "node:diagnostics_channel";
import { REQUEST_STEPS } from "../../../src/clock/request-steps.ts";
import type { Host } from "../../../src/index.ts";
import type { Site } from "../site.ts";
import { type ControlActions, listenForControl } from "./control-server.ts";
import { profilingActions } from "./profiling.ts";
import { sayPort } from "./read-site.ts";
import { watchStarts } from "./start-phases.ts";

/** How long requests may go on when the server is told to end, in ms. */
const GRACE_MS = 100;
/** Steps that are kept until somebody asks for them. */
const MOST_STEPS = 20_000;

/** Serves a host of ours until the process is told to end, and answers commands about it. */
export async function serveHost(
  host: Host,
  { tellsPhases, profileFolder }: Site,
  actions: ControlActions,
): Promise<void> {
  const starts: Readonly<Record<string, number>>[] = [];
  const steps: unknown[] = [];
  const { port } = await host.listen({ port: 0 });
  if (tellsPhases) {
    watchStarts((phases) => starts.push(phases));
    subscribe(REQUEST_STEPS, (step) => void (steps.length < MOST_STEPS && steps.push(step)));
  }
  const controlPort = await listenForControl({
    ...actions,
    ...profilingActions(host, profileFolder),
    starts: () => starts,
    sandbox: () => host.sandbox ?? null,
    steps: () => steps.splice(0),
  });
  sayPort(port, controlPort);
  process.once("SIGTERM", () => void host.close(GRACE_MS).then(() => process.exit()));
}
