import type { Host } from "../../../src/index.ts";
import type { Site } from "../site.ts";
import { type ControlActions, listenForControl } from "./control-server.ts";
import { sayPort } from "./read-site.ts";
import { watchStarts } from "./start-phases.ts";

/** How long requests may go on when the server is told to end, in ms. */
const GRACE_MS = 100;

/** Serves a host of ours until the process is told to end, and answers commands about it. */
export async function serveHost(host: Host, { tellsPhases }: Site, actions: ControlActions): Promise<void> {
  const starts: Readonly<Record<string, number>>[] = [];
  const { port } = await host.listen({ port: 0 });
  if (tellsPhases) watchStarts((phases) => starts.push(phases));
  sayPort(port, await listenForControl({ ...actions, starts: () => starts }));
  process.once("SIGTERM", () => void host.close(GRACE_MS).then(() => process.exit()));
}
