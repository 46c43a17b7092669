import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { EXPERIMENTS } from "../../../bench/laboratory/experiments.ts";
import type { Experiment, Measured } from "../../../bench/laboratory/experiment.ts";
import { SHORT_SIZE, type Size } from "../../../bench/laboratory/experiment.ts";
import { answerOf, type Site } from "../../../bench/subjects/site.ts";
import { versionAnswer } from "../../../bench/subjects/version-answer.ts";

/** What a server was asked, in order. */
export interface Asked {
  /** Tenants, by number. */
  readonly tenants: number[];
  /** Most connections that were open at once. */
  connections: number;
  /** Tenants that were deployed, in order. */
  readonly deploys: number[];
}

/** How a server differs from one that does all right. */
export interface RecordingOptions {
  /** What it answers. */
  readonly answer?: (tenant: number) => string;
  /** Its memory, by what it was asked so far. */
  readonly memoryBytes?: (asked: Asked) => number;
  readonly control?: (path: string) => unknown;
  readonly size?: Partial<Size>;
}

/** Measures an experiment of a server that answers as it should and writes down what it was asked. */
export async function measureRecorded(
  name: string,
  options: RecordingOptions = {},
): Promise<Measured & { readonly asked: Asked; readonly site: Site; readonly size: Size }> {
  const experiment = experimentOf(name);
  const size = { ...SHORT_SIZE, ...options.size };
  const site = experiment.site(size, "http://origin.test");
  const asked: Asked = { tenants: [], connections: 0, deploys: [] };
  const versions = new Map<number, number>();
  const { kind } = site;
  const right = (tenant: number): string => {
    const version = versions.get(tenant);
    if (version !== undefined) return versionAnswer(tenant, version);
    return kind === "own" ? "" : answerOf(kind, tenant);
  };
  const { answer = right, memoryBytes = () => 0, control } = options;
  let open = 0;
  const server = createServer((request, response) => {
    const tenant = Number(/^t(\d+)\./.exec(request.headers.host ?? "")![1]);
    asked.tenants.push(tenant);
    response.end(answer(tenant));
  }).on("connection", (socket) => {
    asked.connections = Math.max(asked.connections, ++open);
    socket.once("close", () => open--);
  });
  const deploys = createServer((request, response) => {
    const query = new URL(request.url!, "http://control").searchParams;
    const tenant = Number(query.get("tenant"));
    asked.deploys.push(tenant);
    versions.set(tenant, Number(query.get("version")));
    response.end("null");
  });
  try {
    const served = {
      port: await listen(server),
      controlPort: await listen(deploys),
      memoryBytes: async () => await Promise.resolve(memoryBytes(asked)),
      ...(control !== undefined && { control: async (path: string) => await Promise.resolve(control(path)) }),
      [Symbol.asyncDispose]: async () => await Promise.resolve(),
    };
    return { ...(await experiment.measure(served, site, size, 0)), asked, site, size };
  } finally {
    for (const one of [server, deploys]) {
      one.closeAllConnections();
      one.close();
    }
  }
}

/** An experiment by its name. */
export function experimentOf(name: string): Experiment {
  const experiment = EXPERIMENTS.get(name);
  if (experiment === undefined) throw new Error(`there is no experiment ${name}`);
  return experiment;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
