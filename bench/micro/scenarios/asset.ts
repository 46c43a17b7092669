import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHost } from "../../../src/index.ts";
import type { Row, Scenario } from "../scenario.ts";
import { timeCalls } from "../time-calls.ts";
import { summarize } from "../../statistics/summarize.ts";
import { HELLO, worker } from "../../workers.ts";

/** Files of a site, and what a request for each has to do. */
const SIZES = [
  { path: "/page.html", what: "2 KB from memory", sizeBytes: 2_048 },
  { path: "/big.bin", what: "1 MB from disk", sizeBytes: 1_048_576 },
];

/** One request at a time over a socket: for static assets, and for the smallest worker as a measure. */
export const asset: Scenario = async (cell, { timeMs }) => {
  const dataFolder = mkdtempSync(join(tmpdir(), "skerry-bench-"));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    await using host = await createHost({ cell, cells: 1, dataFolder });
    const files: Record<string, { hash: string; sizeBytes: number }> = {};
    for (const { path, sizeBytes } of SIZES) {
      const content = Uint8Array.from(randomBytes(sizeBytes));
      const hash = createHash("sha256").update(content).digest("hex").slice(0, 32);
      await host.control.assets.put("default", hash, content, "text/html; charset=utf-8");
      files[path] = { hash, sizeBytes };
    }
    await host.deploy({ ...worker("site", HELLO), assets: { files }, routes: ["site.test/*"] });
    const { port } = await host.listen({ port: 0 });
    const etag = `"${files["/page.html"]!.hash}"`;
    const rows: Row[] = [];
    const asked: [what: string, ask: () => Promise<void>][] = [
      ...SIZES.map(({ path, what }): [string, () => Promise<void>] => [
        what,
        () => get(port, agent, path === "/page.html" ? "/page" : path, {}),
      ]),
      ["304", () => get(port, agent, "/page", { "if-none-match": etag })],
      ["the worker, where no file fits", () => get(port, agent, "/other", {})],
    ];
    for (const [what, ask] of asked) {
      for (let i = 0; i < 50; i++) await ask();
      const samples = await timeCalls(what, timeMs, ask);
      rows.push({ scenario: "static asset, HTTP", what, unit: "us", summary: summarize(samples) });
    }
    return rows;
  } finally {
    agent.destroy();
    rmSync(dataFolder, { recursive: true, force: true });
  }
};

function get(
  port: number,
  agent: Agent,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, agent, headers: { host: "site.test", ...headers } };
    request(options, (answer) => answer.on("end", resolve).on("error", reject).resume())
      .on("error", reject)
      .end();
  });
}
