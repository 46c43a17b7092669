import {
  createHost,
  type Host,
  type EventRecord,
  type HostOptions,
  type LogRecord,
  type WorkerUpload,
} from "../../src/index.ts";
import { Arrivals } from "./arrivals.ts";
import {
  DATES,
  deployedName,
  hostOf,
  triggerTimeMs,
  type Answer,
  type CaseModules,
  type CaseRequest,
  type CaseService,
  type CompatDate,
  type DifferentialWorker,
  type Side,
} from "./differential-case.ts";
import { sendRequest } from "./send-request.ts";
import { modulesOf } from "./workerd-config.ts";

/** Starts a host with all workers at all their dates. */
export async function startSkerry(
  workers: readonly DifferentialWorker[],
  options: HostOptions = {},
): Promise<Side> {
  const events = new Arrivals<EventRecord>();
  const logs = new Map<string, LogRecord[]>();
  const refused = new Map<string, string>();
  const host = await createHost({
    cells: 1,
    limits: { cpuMs: 5_000 },
    spares: 2,
    egress: { allowAddresses: ["127.0.0.0/8"] },
    onEvent: (event) => events.add(`${event.worker} ${event.url ?? event.kind}`, event),
    onLog: (line) => {
      const key = String(line.eventId);
      logs.set(key, [...(logs.get(key) ?? []), line]);
    },
    ...options,
  });
  for (const worker of workers) {
    for (const date of worker.dates ?? DATES) {
      const name = deployedName(worker.name, date);
      for (const [peer, { modules, services = [] }] of Object.entries(worker.peers ?? {}))
        await deploy(host, upload(`${name}-${peer}`, date, modules, name, services)).catch((error) =>
          refused.set(name, String(error)),
        );
      try {
        await deploy(host, {
          ...upload(name, date, worker.modules, name, worker.services ?? []),
          ...(worker.vars && { vars: worker.vars }),
          routes: [`${hostOf(worker.name, date)}/*`],
        });
      } catch (error) {
        refused.set(name, String(error));
      }
    }
  }
  const { port } = await host.listen({ port: 0 });

  return {
    async ask(worker: string, date: CompatDate, request: CaseRequest): Promise<Answer> {
      const refusal = refused.get(deployedName(worker, date));
      if (refusal)
        return {
          status: "not deployed",
          headers: [],
          body: refusal,
          outcome: "none",
          exceptions: [],
          logs: [],
        };
      const name = deployedName(worker, date);
      const hostName = hostOf(worker, date);
      const { cron } = request;
      const scheduledTime = triggerTimeMs(worker, date, request);
      const raw =
        cron === undefined
          ? await sendRequest(port, hostName, request)
          : { status: await host.worker(name)!.scheduled({ cron, scheduledTime }), headers: [], body: "" };
      const url = new URL(request.path ?? `/${encodeURIComponent(request.name)}`, `http://${hostName}`).href;
      const event = await events.take(`${name} ${cron === undefined ? url : "scheduled"}`);
      const lines = event ? (logs.get(String(event.eventId)) ?? []) : [];
      return {
        ...raw,
        outcome: event?.outcome ?? "none",
        exceptions: event?.exception
          ? [{ name: event.exception.name, message: event.exception.message }]
          : [],
        logs: lines.map(({ level, text }) => ({ level, text })),
      };
    },
    [Symbol.asyncDispose]: () => host.close(0),
  };
}

/** Deploys a worker, once more where the host was too busy to start it in time. */
async function deploy(host: Host, given: WorkerUpload): Promise<void> {
  try {
    await host.deploy(given);
  } catch (error) {
    if (/SCRIPT_REFUSED|INVALID_UPLOAD/.test(String((error as { code?: unknown }).code))) throw error;
    await host.deploy(given);
  }
}

function upload(
  name: string,
  date: CompatDate,
  modules: CaseModules,
  worker: string,
  services: readonly CaseService[],
): WorkerUpload {
  const list = modulesOf(modules);
  return {
    name,
    main: list[0]![0],
    modules: list.map(([module, { type, content }]) => ({ name: module, type, content })),
    compatibilityDate: date,
    services: services.map(({ service, ...rest }) => ({
      ...rest,
      service: service === "self" ? worker : `${worker}-${service}`,
    })),
  };
}
