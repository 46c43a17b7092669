/** A client in a process of its own. Takes a `LoadJob` as JSON, prints a `LoadResult`. */
import { type EventLoopUtilization, performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { compact, type Samples } from "../statistics/distribution.ts";
import { answerOf, tenantHost } from "../subjects/site.ts";
import { Connection } from "./connection.ts";
import { type LoadJob, type LoadResult, MOST_SAMPLES } from "./load-job.ts";
import { tenantChoice } from "./tenant-choice.ts";
import { timeDeploys } from "./time-deploys.ts";

const job = JSON.parse(process.argv[2]!) as LoadJob;
const next = tenantChoice(job);
const firstByteUs: number[] = [];
const wholeUs: number[] = [];
const clientLateUs: number[] = [];
let answered = 0;
let errors = 0;
let firstError: string | null = null;
/** From when on requests count, and how busy this thread was until then. */
let countFromMs = performance.now();
let busyBefore: EventLoopUtilization = performance.eventLoopUtilization();

let deploys: Awaited<ReturnType<typeof timeDeploys>> | null = null;
try {
  if (job.mode === "deploys") deploys = await timeDeploys(job);
  else await { each, saturate, rate }[job.mode]();
} catch (error) {
  errors++;
  firstError ??= error instanceof Error ? error.message : String(error);
}
const tookMs = performance.now() - countFromMs;
const result: LoadResult = {
  count: wholeUs.length,
  tookMs,
  firstByteUs: written(deploys?.firstByteUs ?? firstByteUs),
  wholeUs: written(deploys?.wholeUs ?? wholeUs),
  clientLateUs: written(clientLateUs),
  deployUs: written(deploys?.deployUs ?? []),
  togetherUs: written(deploys?.togetherUs ?? []),
  clientBusy: performance.eventLoopUtilization(busyBefore).utilization,
  errors,
  firstError,
};
process.stdout.write(JSON.stringify(result), () => process.exit());

/** One request, timed from when it was due. @returns the connection to go on with. */
async function ask(connection: Connection, dueMs: number, tenant = next()): Promise<Connection> {
  try {
    const { status, body, firstByteMs } = await connection.ask(tenantHost(tenant), job.path);
    if (!isRight(job.kind, tenant, status, body)) {
      throw new Error(`tenant ${tenant} answered ${status} ${JSON.stringify(body.slice(0, 200))}`);
    }
    answered++;
    // What was sent while it warmed up is no part of what is measured.
    if (dueMs >= countFromMs) {
      wholeUs.push((performance.now() - dueMs) * 1_000);
      firstByteUs.push((firstByteMs - dueMs) * 1_000);
    }
    return connection;
  } catch (error) {
    if (!job.mayFail) throw error;
    errors++;
    firstError ??= String(error);
    connection.close();
    return await Connection.open(job.port);
  }
}

/** A worker of somebody's own may answer what it likes, as long as it does not fail. */
function isRight(kind: LoadJob["kind"], tenant: number, status: number, body: string): boolean {
  return kind === "own" ? status < 500 : status === 200 && body === answerOf(kind, tenant);
}

function beginToCount(): void {
  countFromMs = performance.now();
  busyBefore = performance.eventLoopUtilization();
}

async function each(): Promise<void> {
  let connection = await Connection.open(job.port);
  const first = job.warmUpTenants;
  countFromMs = Infinity;
  for (let asked = 0; asked < job.warmUpRequests; asked++) {
    await pause(job.pauseMs);
    const tenant = first === null ? next() : first.first + (asked % first.count);
    connection = await ask(connection, performance.now(), tenant);
  }
  beginToCount();
  for (let asked = 0; asked < job.requests; asked++) {
    await pause(job.pauseMs);
    connection = await ask(connection, performance.now());
  }
  connection.close();
}

async function saturate(): Promise<void> {
  const warmUntilMs = performance.now() + job.warmUpMs;
  countFromMs = Infinity;
  const goesOn = (): boolean => {
    const nowMs = performance.now();
    if (countFromMs === Infinity && nowMs >= warmUntilMs && answered >= job.warmUpRequests) beginToCount();
    return nowMs < countFromMs + job.timeMs;
  };
  await Promise.all(
    Array.from({ length: job.connections }, async () => {
      let connection = await Connection.open(job.port);
      while (goesOn()) connection = await ask(connection, performance.now());
      connection.close();
    }),
  );
}

async function rate(): Promise<void> {
  const idle = await Promise.all(
    Array.from({ length: job.connections }, async () => await Connection.open(job.port)),
  );
  const due: number[] = [];
  const total = Math.round(((job.warmUpMs + job.timeMs) / 1_000) * job.ratePerSecond);
  const under = new Set<Promise<void>>();
  let broken: unknown;
  const send = (): void => {
    while (due.length > 0 && idle.length > 0) {
      const done: Promise<void> = ask(idle.pop()!, due.shift()!).then(
        (connection) => {
          under.delete(done);
          idle.push(connection);
          send();
        },
        (error: unknown) => {
          under.delete(done);
          broken ??= error;
        },
      );
      under.add(done);
    }
  };
  const beginMs = performance.now();
  busyBefore = performance.eventLoopUtilization();
  countFromMs = beginMs + job.warmUpMs;
  for (let sent = 0; sent < total && broken === undefined;) {
    const nowMs = performance.now();
    for (; sent < total; sent++) {
      const dueMs = beginMs + (sent * 1_000) / job.ratePerSecond;
      if (dueMs > nowMs) break;
      if (dueMs >= countFromMs) clientLateUs.push((nowMs - dueMs) * 1_000);
      due.push(dueMs);
    }
    send();
    await pause(1);
  }
  while (broken === undefined && (under.size > 0 || due.length > 0)) await Promise.all(under);
  if (broken !== undefined) throw broken;
  for (const connection of idle) connection.close();
}

function written(samples: readonly number[]): Samples {
  return compact(
    samples.map((us) => Math.round(us * 10) / 10),
    MOST_SAMPLES,
  );
}
