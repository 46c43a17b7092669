import { test } from "uvu";
import * as assert from "uvu/assert";
import { indexPage, workerUrl } from "../../src/cli/index-page.ts";
import type { HostStats, WorkerStats } from "../../src/index.ts";

const WORKER: WorkerStats = {
  account: "default",
  name: "shop",
  versionId: "v1",
  routes: ["example.com/*", "shop.localhost/*"],
  isolates: 2,
  memoryBytes: 3 * 1024 ** 2,
  requests: 10,
  outcomes: { ok: 10 },
  coldStarts: 4,
  warmHits: 6,
  cpuMs: 12.34,
  subrequests: 0,
  logLines: 0,
};
const WARM = {
  isolates: 2,
  loading: 0,
  bytes: 1,
  hits: 6,
  starts: 4,
  failedStarts: 0,
  evicted: 0,
  recycled: 0,
  lost: 0,
};
const STATS: HostStats = {
  warm: WARM,
  loopDelayMs: 0,
  accounts: [],
  storage: [],
  inFlight: 0,
  rssBytes: 100 * 1024 ** 2,
  cellRssBytes: 50 * 1024 ** 2,
  cells: [],
  workers: [WORKER],
};

test("indexPage links to each worker and shows what it used", () => {
  const html = indexPage(STATS, 8787);
  assert.match(
    html,
    '<a href="http://shop.localhost:8787/">shop</a><td>10<td>4<td>6<td>12.3 ms<td>2<td>3.0 MB',
  );
  assert.match(html, "host 100.0 MB");
});

test("indexPage takes nothing of a worker as HTML", () => {
  const html = indexPage(
    { ...STATS, workers: [{ ...WORKER, name: "<script>", routes: ["a.example/<script>"] }] },
    80,
  );
  assert.not.match(html, "<script>");
});

test("workerUrl is the first route of a worker with the host of the workers' URL, if it has one", () => {
  assert.is(workerUrl(WORKER, 8787), "http://shop.localhost:8787/");
  assert.is(
    workerUrl({ routes: ["example.com/*", "*.localhost/*", "{version}-a.localhost/*"] }, 80),
    undefined,
  );
  const routes = ["shop.localhost/*", "a.b.workers.example.com/*", "shop.workers.example.com/*"];
  const at = (url: string): string | undefined => workerUrl({ routes }, 8787, url);
  assert.is(at("https://workers.example.com"), "https://shop.workers.example.com/");
  assert.is(at("http://workers.example.com:8080"), "http://shop.workers.example.com:8080/");
  assert.is(at("https://example.org"), undefined);
});

test.run();
