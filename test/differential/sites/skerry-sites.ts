import { createHost } from "../../../src/index.ts";
import { putFiles } from "../../assets/put-files.ts";
import { DATES, deployedName, hostOf, type Side } from "../differential-case.ts";
import { askSite } from "./ask-site.ts";
import type { AssetSite } from "./asset-site.ts";

const STALLED = /^skerry-outcome: (?:isolateLost|overloaded|exceededCpu|exceededWallTime)$/;
const TRIES = 3;

/** Starts a host with all sites at both dates. */
export async function startSkerrySites(sites: readonly AssetSite[]): Promise<Side> {
  const host = await createHost({ spares: 1 });
  for (const { name, files: contents, config, code, flags } of sites) {
    const files = await putFiles(host, contents);
    for (const date of DATES)
      await host.deploy({
        name: deployedName(name, date),
        compatibilityDate: date,
        ...(flags && { compatibilityFlags: flags }),
        routes: [`${hostOf(name, date)}/*`],
        assets: { files, config, ...(code !== undefined && { binding: "ASSETS" }) },
        ...(code !== undefined && {
          main: "index.js",
          modules: [{ name: "index.js", type: "esm", content: code } as const],
        }),
      });
  }
  const { port } = await host.listen({ port: 0 });
  return {
    async ask(site, date, request) {
      // A machine that stands still for long loses cells, and has no places for a moment: that is no difference.
      for (let left = TRIES; ; left--) {
        const answer = await askSite(port, hostOf(site, date), request);
        if (left === 0 || !answer.headers.some((line) => STALLED.test(line))) return answer;
      }
    },
    [Symbol.asyncDispose]: () => host.close(0),
  };
}
