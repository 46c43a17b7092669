import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const LOOK_EVERY_MS = 20;

/**
 * Waits until a data folder holds so many code caches: they are made when an isolate is idle, and written after that.
 * @param patienceMs How long it may take.
 * @returns Whether they came.
 */
export async function waitForCaches(dataFolder: string, count: number, patienceMs: number): Promise<boolean> {
  const untilMs = performance.now() + patienceMs;
  do {
    const names = await readdir(join(dataFolder, "code-cache")).catch(() => []);
    if (names.filter((name) => name.endsWith(".cache")).length >= count) return true;
    await pause(LOOK_EVERY_MS);
  } while (performance.now() < untilMs);
  return false;
}

/** Takes the code caches out of a data folder, which no host may be using. */
export async function dropCaches(dataFolder: string): Promise<void> {
  await rm(join(dataFolder, "code-cache"), { recursive: true, force: true });
}
