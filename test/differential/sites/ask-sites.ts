import { DATES, type Answer, type CompatDate } from "../differential-case.ts";
import type { Asked } from "../judge.ts";
import { startMiniflareSites } from "./miniflare-sites.ts";
import { SITES } from "./sites.ts";
import { startSkerrySites } from "./skerry-sites.ts";

/** Areas of the table that are about static assets. */
export const SITE_AREAS: readonly string[] = [...new Set(SITES.map(({ area }) => area))];
const AT_ONCE = 8;

/**
 * Asks both sides for files of the same sites.
 * @param words Keep sites and areas of these names alone; none keeps all.
 */
export async function askSites(words: readonly string[] = []): Promise<Asked[]> {
  const sites = SITES.filter(
    ({ name, area }) => words.length === 0 || words.some((word) => word === name || word === area),
  );
  if (sites.length === 0) return [];
  await using skerry = await startSkerrySites(sites);
  await using miniflare = await startMiniflareSites(sites);
  const asked: Asked[] = [];
  // Nothing is kept between requests, so that those of one site may go out side by side.
  for (const { name, area, requests } of sites)
    asked.push(
      ...(await someAtOnce(requests, async (request) => {
        const answers = new Map<CompatDate, { skerry: Answer; workerd: Answer }>();
        for (const date of DATES) {
          const [ours, theirs] = await Promise.all([
            skerry.ask(name, date, request),
            miniflare.ask(name, date, request),
          ]);
          answers.set(date, { skerry: ours, workerd: theirs });
        }
        return { area, worker: name, request: request.name, answers };
      })),
    );
  return asked;
}

async function someAtOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE)
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  return results;
}
