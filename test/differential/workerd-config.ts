import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  DATES,
  deployedName,
  type CaseModule,
  type CaseModules,
  type CaseService,
  type DifferentialWorker,
} from "./differential-case.ts";

const KINDS = {
  esm: "esModule",
  cjs: "commonJsModule",
  text: "text",
  json: "json",
  data: "data",
  wasm: "wasm",
} as const;

/** Sends what workerd tells of each event to the test; this is what a tail worker gets on Cloudflare. */
const TAIL = `export default {
  async tail(items, env) { await env.COLLECTOR.fetch("http://collector/", { method: "POST", body: JSON.stringify(items) }); },
};`;

/** The socket that triggers workers. */
export const TRIGGER_SOCKET = "trigger";
const TRIGGER = `export default {
  async fetch(request, env) {
    const { name, cron, timeMs } = await request.json();
    const { outcome } = await env[name].scheduled({ cron, scheduledTime: new Date(timeMs) });
    return new Response(outcome);
  },
};`;

/**
 * Writes a config of workerd with one socket for each worker and date, named as the worker is deployed.
 * @returns Path of the config.
 */
export function writeWorkerdConfig(
  folder: string,
  workers: readonly DifferentialWorker[],
  collectorPort: number,
): string {
  const services: string[] = [];
  const sockets: string[] = [];
  for (const worker of workers) {
    for (const date of worker.dates ?? DATES) {
      const name = deployedName(worker.name, date);
      const all = { self: worker, ...worker.peers };
      for (const [peer, { modules, services: bound = [] }] of Object.entries(all)) {
        const serviceName = peer === "self" ? name : `${name}.${peer}`;
        const bindings = [
          ...varBindings(peer === "self" ? worker.vars : {}),
          ...serviceBindings(name, bound),
        ];
        services.push(
          `(name = "${serviceName}", worker = (${code(folder, serviceName, modules)},
            compatibilityDate = "${date}", globalOutbound = "internet", tails = [(name = "tail")],
            bindings = [${bindings.join(", ")}]))`,
        );
      }
      sockets.push(`(name = "${name}", address = "127.0.0.1:0", http = (), service = "${name}")`);
    }
  }
  const triggered = workers
    .filter(({ requests }) => requests.some(({ cron }) => cron !== undefined))
    .flatMap(({ name, dates = DATES }) => dates.map((date) => deployedName(name, date)));
  const triggers = triggered.map((name) => `(name = "${name}", service = "${name}")`);
  writeFileSync(join(folder, "tail.js"), TAIL);
  writeFileSync(join(folder, "trigger.js"), TRIGGER);
  const path = join(folder, "config.capnp");
  writeFileSync(
    path,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ${services.join(",\n    ")},
    (name = "tail", worker = (modules = [(name = "tail.js", esModule = embed "tail.js")],
      compatibilityDate = "${DATES.at(-1)}", bindings = [(name = "COLLECTOR", service = "collector")])),
    (name = "trigger", worker = (modules = [(name = "trigger.js", esModule = embed "trigger.js")],
      compatibilityDate = "${DATES.at(-1)}", compatibilityFlags = ["service_binding_extra_handlers"],
      bindings = [${triggers.join(", ")}])),
    (name = "collector", external = (address = "127.0.0.1:${collectorPort}", http = ())),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [
    ${sockets.join(",\n    ")},
    (name = "${TRIGGER_SOCKET}", address = "127.0.0.1:0", http = (), service = "trigger"),
  ],
);
`,
  );
  return path;
}

/** Modules as uploads have them: a text is an ES module. */
export function modulesOf(modules: CaseModules): [string, CaseModule][] {
  return Object.entries(modules).map(([name, module]) => [
    name,
    typeof module === "string" ? { type: "esm", content: module } : module,
  ]);
}

function code(folder: string, service: string, modules: CaseModules): string {
  const files = modulesOf(modules).map(([name, { type, content }]) => {
    const file = `${service}/${name}`;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
    return { name, type, file };
  });
  const [first] = files;
  if (first?.type === "script") return `serviceWorkerScript = embed "${first.file}"`;
  const list = files.map(({ name, type, file }) => {
    if (type === "script") throw new Error(`${service}: a script stands alone`);
    return `(name = "${name}", ${KINDS[type]} = embed "${file}")`;
  });
  return `modules = [${list.join(", ")}]`;
}

function varBindings(vars: DifferentialWorker["vars"] = {}): string[] {
  return Object.entries(vars).map(([name, value]) =>
    typeof value === "string"
      ? `(name = "${name}", text = ${JSON.stringify(value)})`
      : `(name = "${name}", json = ${JSON.stringify(JSON.stringify(value))})`,
  );
}

function serviceBindings(worker: string, services: readonly CaseService[]): string[] {
  return services.map(({ binding, service, entrypoint, props }) => {
    const name = service === "self" ? worker : `${worker}.${service}`;
    const more = [
      ...(entrypoint === undefined ? [] : [`entrypoint = "${entrypoint}"`]),
      ...(props === undefined ? [] : [`props = (json = ${JSON.stringify(JSON.stringify(props))})`]),
    ];
    return `(name = "${binding}", service = (${[`name = "${name}"`, ...more].join(", ")}))`;
  });
}
