import type { HostStats, WorkerStats } from "../index.ts";

/** The HTML page that lists the workers of a host with links and what they have used. */
export function indexPage(stats: HostStats, port: number): string {
  const rows = stats.workers
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((worker) => row(worker, port));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5">
<title>Skerry</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
  table { border-collapse: collapse; width: 100% }
  th, td { padding: .3rem .6rem; border-bottom: 1px solid #ccc; text-align: right }
  th:first-child, td:first-child { text-align: left }
</style>
<h1>Skerry</h1>
<p>${stats.workers.length} workers, ${stats.warm.isolates} warm isolates, host ${megabytes(stats.rssBytes)},
cells ${megabytes(stats.cellRssBytes)}.</p>
<table>
<thead><tr><th>worker<th>requests<th>cold starts<th>warm hits<th>CPU<th>isolates<th>memory</thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</html>
`;
}

function row(worker: WorkerStats, port: number): string {
  const { name, requests, coldStarts, warmHits, cpuMs, isolates, memoryBytes } = worker;
  const cells = [requests, coldStarts, warmHits, `${cpuMs.toFixed(1)} ms`, isolates, megabytes(memoryBytes)];
  const url = workerUrl(worker, port);
  const label = url === undefined ? escapeHtml(name) : `<a href="${escapeHtml(url)}">${escapeHtml(name)}</a>`;
  return `<tr><td>${label}${cells.map((cell) => `<td>${cell}`).join("")}`;
}

/**
 * Where clients reach a worker: the first of its routes that is its own name and the host of the workers' URL.
 * @param workersUrl @default "http://localhost:<port>"
 */
export function workerUrl(
  { routes }: Pick<WorkerStats, "routes">,
  port: number,
  workersUrl: string = `http://localhost:${port}`,
): string | undefined {
  const { protocol, hostname, port: shown } = new URL(workersUrl);
  const host = routes
    .map((route) => route.split("/")[0] ?? "")
    .find((name) => name.endsWith(`.${hostname}`) && /^[\w-]+$/.test(name.slice(0, -hostname.length - 1)));
  return host === undefined ? undefined : `${protocol}//${host}${shown === "" ? "" : `:${shown}`}/`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
