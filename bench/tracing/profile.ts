import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { COLD_PAUSE_MS, type LoadJob } from "../load/load-job.ts";
import { loadJob, runLoad } from "../load/run-load.ts";
import type { ProfileName } from "../subjects/servers/profiling.ts";
import { scratchFolder } from "../scratch-folder.ts";
import { site } from "../subjects/site.ts";
import type { Subject } from "../subjects/subject.ts";

const COLD = 30;
const CONNECTIONS = 16;

/**
 * Profiles a host while some tenants start and then while one is asked without a pause: CPU profiles that browsers and
 * editors open, and heap statistics.
 *
 * @param subject One of our own, whose server takes commands for it.
 * @param folder Where the files go; `cold` and `warm` in it.
 * @returns paths of the files
 */
export async function profile(
  subject: Subject,
  folder: string,
  loadMs: number,
  job: Partial<LoadJob> = {},
): Promise<string[]> {
  await using work = await scratchFolder("profile");
  const profileFolder = resolve(folder, subject.name);
  const of = site({ kind: job.kind ?? "hello", tenants: COLD + 2, profileFolder });
  await subject.prepare?.(of, work.path);
  await using served = await subject.start(of, work.path);
  const all = loadJob({ ...job, port: served.port });
  await runLoad({ ...all, mode: "each" });
  const kinds: readonly [name: ProfileName, load: LoadJob][] = [
    [
      "cold",
      { ...all, mode: "each", requests: COLD, pauseMs: COLD_PAUSE_MS, tenants: { first: 2, count: COLD } },
    ],
    ["warm", { ...all, connections: CONNECTIONS, timeMs: loadMs, tenants: { first: 1, count: 1 } }],
  ];
  const files: string[] = [];
  for (const [name, load] of kinds) {
    const to = join(profileFolder, name);
    await served.control!(`profile-start?name=${name}`);
    await runLoad(load);
    await served.control!("profile-stop");
    files.push(...(await readdir(to)).toSorted().map((file) => join(to, file)));
  }
  return files;
}
