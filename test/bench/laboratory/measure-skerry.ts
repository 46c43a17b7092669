import { SHORT_SIZE, type Measured, type Size } from "../../../bench/laboratory/experiment.ts";
import { scratchFolder } from "../../../bench/scratch-folder.ts";
import type { Site } from "../../../bench/subjects/site.ts";
import { skerry } from "../../../bench/subjects/skerry.ts";
import { experimentOf } from "./recording-server.ts";

/** Measures an experiment of a real server of ours, and asks it something when that is done. */
export async function measureSkerry(
  name: string,
  {
    originUrl = "",
    size: given = {},
    afterwards,
  }: { readonly originUrl?: string; readonly size?: Partial<Size>; readonly afterwards?: string } = {},
): Promise<Measured & { readonly site: Site; readonly size: Size; readonly told: unknown }> {
  const experiment = experimentOf(name);
  const size = { ...SHORT_SIZE, ...given };
  const site = experiment.site(size, originUrl);
  const subject = skerry("in-process");
  await using folder = await scratchFolder("experiment-test");
  await subject.prepare!(site, folder.path);
  await using served = await subject.start(site, folder.path);
  const measured = await experiment.measure(served, site, size, 0);
  const told = afterwards === undefined ? null : await served.control!(afterwards);
  return { ...measured, site, size, told };
}
