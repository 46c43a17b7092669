import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { SkerryError } from "../../src/errors/skerry-error.ts";
import { createHost, type Worker } from "../../src/index.ts";
import type { CellKind } from "../cell-kind.ts";
import { dropCaches, waitForCaches } from "../subjects/servers/code-caches.ts";
import { type Site, tenantHost } from "../subjects/site.ts";
import { skerry } from "../subjects/skerry.ts";
import type { Subject } from "../subjects/subject.ts";
import type { OwnWorker } from "./own-worker.ts";

/** How long the code cache of a worker that served may take to be there, in ms. */
const CACHE_MS = 30_000;
const FAILED = 500;

/** How copies of a worker are made. */
export interface OwnSubjectOptions {
  readonly cell: CellKind;
  /** What is asked for, with its query. */
  readonly path: string;
  /** A folder of its own, in which copies that were deployed once are kept for all experiments. */
  readonly folder: string;
  /** Hears whether a code cache was made of a worker that had served. */
  readonly onCodeCache: (made: boolean) => void;
}

/** A worker as the laboratory measures it: some copies of it, each at a host name of its own, in one account. */
export function ownSubject(
  name: string,
  title: string,
  worker: OwnWorker,
  options: OwnSubjectOptions,
): Subject {
  const deployed = new Set<string>();
  return {
    ...skerry(options.cell),
    name,
    title,
    prepare: async (site, folder) => {
      const kept = join(options.folder, `${name}-${site.tenants}-${site.asksBefore}-${site.keepsCodeCaches}`);
      if (!deployed.has(kept)) {
        await mkdir(kept, { recursive: true });
        await deployCopies(worker, site, kept, options);
        if (!site.keepsCodeCaches) await dropCaches(kept);
        deployed.add(kept);
      }
      await cp(kept, folder, { recursive: true });
    },
  };
}

/**
 * Asks a worker once, in a host of its own.
 * @returns the status of its answer
 * @throws SkerryError `BENCH_FAILED` where it fails; what deploying it throws.
 */
export async function tryWorker(
  worker: OwnWorker,
  options: Pick<OwnSubjectOptions, "cell" | "path">,
): Promise<number> {
  await using host = await createHost({ cell: options.cell, cells: 1 });
  await worker.deployFirst?.(host);
  return await ask(await host.deploy({ ...worker.upload, routes: [], crons: [] }), options.path);
}

async function deployCopies(
  { upload, deployFirst }: OwnWorker,
  { tenants, asksBefore }: Site,
  dataFolder: string,
  { cell, path, onCodeCache }: OwnSubjectOptions,
): Promise<void> {
  await using host = await createHost({ cell, dataFolder });
  await deployFirst?.(host);
  for (let tenant = 0; tenant < tenants; tenant++) {
    const copy = await host.deploy({
      ...upload,
      name: `${upload.name}-${tenant}`,
      routes: [`${tenantHost(tenant)}/*`],
      crons: [],
    });
    // All copies are the same script, and have one code cache.
    if (tenant === 0) for (let asked = 0; asked < asksBefore; asked++) await ask(copy, path);
  }
  if (asksBefore > 0) onCodeCache(await waitForCaches(dataFolder, 1, CACHE_MS));
}

async function ask(worker: Worker, path: string): Promise<number> {
  const answer = await worker.fetch(new URL(path, `http://${tenantHost(0)}`));
  await answer.arrayBuffer();
  if (answer.status >= FAILED)
    throw new SkerryError(
      "BENCH_FAILED",
      `the worker answers ${path} with status ${answer.status}; measure a path that works`,
    );
  return answer.status;
}
