import type { DifferentialWorker } from "./differential-case.ts";
import { SCHEDULED_WORKERS } from "./workers/scheduled-workers.ts";
import { SURFACE_WORKER } from "./surface.ts";
import { ENTRYPOINT_WORKERS } from "./workers/entrypoint-workers.ts";
import { HANDLER_WORKERS } from "./workers/handler-workers.ts";
import { MODULE_WORKERS, SCRIPT_WORKERS } from "./workers/module-workers.ts";

/** Workers of their own; those of \`areas/\` come from \`areas.ts\`. */
export const WORKERS: readonly DifferentialWorker[] = [
  ...MODULE_WORKERS,
  ...SCRIPT_WORKERS,
  ...HANDLER_WORKERS,
  ...ENTRYPOINT_WORKERS,
  ...SCHEDULED_WORKERS,
  SURFACE_WORKER,
];
