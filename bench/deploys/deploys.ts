import {
  createHost,
  type EventRecord,
  type Host,
  type HostOptions,
  type WorkerUpload,
} from "../../src/index.ts";
import type { CellKind } from "../cell-kind.ts";
import { summarize } from "../statistics/summarize.ts";
import { type Answer, Traffic } from "./traffic.ts";

export interface DeploysOptions {
  readonly deploys: number;
  /** Requests in a second to the worker that is deployed. */
  readonly perS: number;
  readonly cell?: CellKind;
  /** @default nothing is kept */
  readonly dataFolder?: string;
  /** @default the host's own */
  readonly admission?: HostOptions["admission"];
}

export interface DeploysResult {
  readonly deploys: number;
  readonly requests: number;
  /** Requests in a second, as it came to be. */
  readonly perS: number;
  /** Answers that were not a version's own, each with how often it came. */
  readonly failures: Readonly<Record<string, number>>;
  /** Of the worker that is deleted and comes back: anything but an answer of its own or 404. */
  readonly deleteFailures: Readonly<Record<string, number>>;
  /** Versions that answered. */
  readonly versions: number;
  readonly faults: readonly string[];
  /** Outcomes of all events. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly meanDeployMs: number;
}

/**
 * Deploys a worker again and again in all the ways that there are, while it is asked at a steady pace over loopback;
 * beside it another worker is deleted and deployed. None of the first one's requests may fail.
 */
export async function runDeploys(options: DeploysOptions): Promise<DeploysResult> {
  const { deploys, perS, cell = "process", dataFolder, admission } = options;
  const faults: string[] = [];
  const outcomes: Record<string, number> = {};
  await using host = await createHost({
    cell,
    ...(dataFolder !== undefined && { dataFolder }),
    ...(admission !== undefined && { admission }),
    onEvent: ({ outcome }: EventRecord) => (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1),
    onInternalError: (error) => faults.push(String(error)),
  });
  const { port } = await host.listen({ port: 0 });
  await host.deploy(upload("busy", 0));
  await host.deploy(upload("comes", 0));
  const traffic = new Traffic(port, "busy.test", perS);
  const beside = new Traffic(port, "comes.test", Math.ceil(perS / 10));
  const startMs = performance.now();
  let over = false;
  const comings = comeAndGo(host, () => over);
  for (let number = 1; number <= deploys; number++) await deploy(host, number);
  const tookMs = performance.now() - startMs;
  over = true;
  await comings;
  const [answers, others] = [await traffic.end(), await beside.end()];
  const times = answers.map((answer) => answer.tookMs);
  const { p50, p99 } = summarize(times);
  return {
    deploys,
    requests: answers.length,
    perS: (answers.length / tookMs) * 1_000,
    failures: tally(answers, ({ status, text }) => status === 200 && text.startsWith("busy ")),
    deleteFailures: tally(
      others,
      ({ status, text }) => status === 404 || (status === 200 && text.startsWith("comes ")),
    ),
    versions: new Set(answers.map(({ text }) => text)).size,
    faults,
    outcomes,
    p50Ms: p50,
    p99Ms: p99,
    maxMs: Math.max(...times),
    meanDeployMs: tookMs / deploys,
  };
}

/** One deploy, in one of six ways. */
async function deploy(host: Host, number: number): Promise<void> {
  const { control } = host;
  const [latest, before] = control.versions("busy");
  const old = before ?? latest!;
  switch (number % 6) {
    case 1:
      await control.deploy(upload("busy", number));
      break;
    case 2: {
      const { id } = await control.uploadVersion(upload("busy", number));
      await control.deployVersions("busy", [{ versionId: id, percent: 100 }]);
      break;
    }
    case 3:
      await control.deployVersions("busy", [
        { versionId: latest!.id, percent: 30 },
        { versionId: old.id, percent: 70 },
      ]);
      break;
    case 4:
      // A rollback, and what does not start.
      await control.deployVersions("busy", [{ versionId: old.id, percent: 100 }]);
      await control.deploy(upload("busy", number, "throw new Error('no start');")).catch(() => {});
      break;
    case 5:
      await control.secrets.put("busy", "TOKEN", String(number));
      break;
    default:
      await control.deploy(upload("busy", number));
      await control.setRoutes("busy", ["busy.test/*", `r${number}.test/*`]);
  }
}

/** Deletes and deploys a worker that is asked meanwhile. */
async function comeAndGo(host: Host, isOver: () => boolean): Promise<void> {
  for (let number = 1; !isOver(); number++) {
    await host.delete("comes");
    await host.deploy(upload("comes", number));
  }
}

function upload(name: string, number: number, top = ""): WorkerUpload {
  // Some answers are under way while their version goes.
  const waitMs = (number % 3) * 20;
  const content = `${top}
    export default { async fetch(request) {
      if (request.method === "POST") await request.text();
      if (${waitMs} > 0) await new Promise((resolve) => setTimeout(resolve, ${waitMs}));
      return new Response("${name} ${number}");
    } }`;
  const modules = [{ name: "index.js", type: "esm" as const, content }];
  return { name, main: "index.js", modules, routes: [`${name}.test/*`] };
}

function tally(answers: readonly Answer[], isFine: (answer: Answer) => boolean): Record<string, number> {
  const found: Record<string, number> = {};
  for (const answer of answers) {
    if (isFine(answer)) continue;
    const what = `${answer.status} ${answer.text.replaceAll(/\s+/g, " ").slice(0, 100)}`;
    found[what] = (found[what] ?? 0) + 1;
  }
  return found;
}
