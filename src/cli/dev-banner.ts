import type { LoadedWorker } from "../../wrangler-compat/load-worker.ts";

const MOST_VALUE_CHARS = 40;

/** Lines that say what a worker in development has: its bindings, and how to fire its triggers. */
export function devBanner(
  { upload, local }: LoadedWorker,
  url: string,
  running: readonly string[],
): readonly string[] {
  const rows: [string, string][] = [];
  for (const [name, value] of Object.entries(upload.vars ?? {}))
    rows.push([
      `env.${name}`,
      name in local.values ? `from ${local.sources.join(", ") || "the environment"}` : show(value),
    ]);
  for (const { binding, id } of upload.kvNamespaces ?? [])
    rows.push([`env.${binding}`, `KV namespace ${id}`]);
  for (const { binding, service, entrypoint } of upload.services ?? []) {
    const of = entrypoint === undefined ? service : `${entrypoint} of ${service}`;
    rows.push([
      `env.${binding}`,
      `service ${of}${running.includes(service) ? "" : ", which does not run here"}`,
    ]);
  }
  for (const { binding, limit, periodS } of upload.rateLimits ?? [])
    rows.push([`env.${binding}`, `rate limit, ${limit} in ${periodS} s`]);
  for (const binding of upload.versionMetadata ?? []) rows.push([`env.${binding}`, "version metadata"]);
  for (const cron of upload.crons ?? [])
    rows.push([`cron ${cron}`, `${url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(cron)}`]);
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, what]) => `  ${name.padEnd(width)}  ${what}`);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MOST_VALUE_CHARS ? `${text.slice(0, MOST_VALUE_CHARS)}…` : text;
}
