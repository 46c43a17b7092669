import type { Host, WorkerUpload } from "../index.ts";

/** A worker that stands in for one that does not run here, and says so when it is called. */
export function standIn(name: string): WorkerUpload {
  const text = `Worker "${name}" does not run here; start it as well: skerry dev . ../${name}\n`;
  return {
    name,
    main: "index.js",
    modules: [
      {
        name: "index.js",
        type: "esm",
        content: `export default { fetch: () => new Response(${JSON.stringify(text)}, { status: 503 }) };`,
      },
    ],
    routes: [],
  };
}

/** Puts a stand-in where a service binding leads to no worker: a host refuses the binding otherwise. */
export async function deployStandIns(host: Host, { name, services = [] }: WorkerUpload): Promise<void> {
  for (const { service } of services)
    if (service !== name && host.worker(service) === undefined) await host.deploy(standIn(service));
}
