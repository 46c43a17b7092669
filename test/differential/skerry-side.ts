import {
  createHost,
  type Host,
  type EventRecord,
  type HostOptions,
  type LogRecord,
  type WorkerUpload,
} from "../../src/index.ts";
import {
  DATES,
  deployedName,
  hostOf,
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

/** Time that an event may take to end after its answer came. */
const END_MS = 3_000;

/** Starts a host with all workers at all their dates. */
export async function startSkerry(
  workers: readonly DifferentialWorker[],
  options: HostOptions = {},
): Promise<Side> {
  const events = new Map<string, EventRecord[]>();
  const logs = new Map<string, LogRecord[]>();
  const refused = new Map<string, string>();
  const host = await createHost({
    cells: 1,
    limits: { cpuMs: 5_000 },
    spares: 2,
    egress: { allowAddresses: ["127.0.0.0/8"] },
    onEvent: (event) => {
      const key = `${event.worker} ${event.url}`;
      events.set(key, [...(events.get(key) ?? []), event]);
    },
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
      const hostName = hostOf(worker, date);
      const raw = await sendRequest(port, hostName, request);
      const url = new URL(request.path ?? `/${encodeURIComponent(request.name)}`, `http://${hostName}`).href;
      const event = await takeEvent(events, `${deployedName(worker, date)} ${url}`);
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

async function takeEvent(events: Map<string, EventRecord[]>, key: string): Promise<EventRecord | undefined> {
  for (let waitedMs = 0; waitedMs < END_MS; waitedMs += 5) {
    const [event, ...rest] = events.get(key) ?? [];
    if (event) {
      events.set(key, rest);
      return event;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return undefined;
}
