/** A client in a process of its own. Takes a `LoadJob` as JSON, prints a `LoadResult`. */
import { setTimeout as pause } from "node:timers/promises";
import { thin } from "../statistics/thin.ts";
import { answerOf, tenantHost } from "../subjects/site.ts";
import { Connection } from "./connection.ts";
import { type LoadJob, type LoadResult, MOST_SAMPLES } from "./load-job.ts";
import { tenantChoice } from "./tenant-choice.ts";
import { timeDeploys } from "./time-deploys.ts";

const job = JSON.parse(process.argv[2]!) as LoadJob;
const next = tenantChoice(job);
const firstByteUs: number[] = [];
const wholeUs: number[] = [];
let errors = 0;
let firstError: string | null = null;

const startMs = performance.now();
const deploys = job.mode === "deploys" ? await timeDeploys(job) : null;
if (job.mode !== "deploys") await { each, saturate, rate }[job.mode]();
const tookMs = performance.now() - startMs;
const result: LoadResult = {
  count: wholeUs.length,
  tookMs,
  firstByteUs: rounded(deploys?.firstByteUs ?? firstByteUs),
  wholeUs: rounded(deploys?.wholeUs ?? wholeUs),
  deployUs: rounded(deploys?.deployUs ?? []),
  togetherUs: rounded(deploys?.togetherUs ?? []),
  errors,
  firstError,
};
process.stdout.write(JSON.stringify(result));

/** One request, timed from when it was due. @returns the connection to go on with. */
async function ask(connection: Connection, dueMs: number): Promise<Connection> {
  const tenant = next();
  try {
    const { status, body, firstByteMs } = await connection.ask(tenantHost(tenant), job.path);
    if (!isRight(job.kind, tenant, status, body)) {
      throw new Error(`tenant ${tenant} answered ${status} ${JSON.stringify(body.slice(0, 200))}`);
    }
    wholeUs.push((performance.now() - dueMs) * 1_000);
    firstByteUs.push((firstByteMs - dueMs) * 1_000);
    return connection;
  } catch (error) {
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

async function each(): Promise<void> {
  let connection = await Connection.open(job.port);
  for (let asked = 0; asked < job.requests; asked++) {
    await pause(job.pauseMs);
    connection = await ask(connection, performance.now());
  }
  connection.close();
}

async function saturate(): Promise<void> {
  const untilMs = startMs + job.timeMs;
  await Promise.all(
    Array.from({ length: job.connections }, async () => {
      let connection = await Connection.open(job.port);
      while (performance.now() < untilMs) connection = await ask(connection, performance.now());
      connection.close();
    }),
  );
}

async function rate(): Promise<void> {
  const idle = await Promise.all(
    Array.from({ length: job.connections }, async () => await Connection.open(job.port)),
  );
  const due: number[] = [];
  const total = Math.round((job.timeMs / 1_000) * job.ratePerSecond);
  const under = new Set<Promise<void>>();
  const send = (): void => {
    while (due.length > 0 && idle.length > 0) {
      const done: Promise<void> = ask(idle.pop()!, due.shift()!).then((connection) => {
        under.delete(done);
        idle.push(connection);
        send();
      });
      under.add(done);
    }
  };
  const beginMs = performance.now();
  for (let sent = 0; sent < total;) {
    const nowMs = performance.now();
    // What the client's own timer is late is not the server's time: a request is due in the tick that sends it.
    for (; sent < total && beginMs + (sent * 1_000) / job.ratePerSecond <= nowMs; sent++) due.push(nowMs);
    send();
    await pause(1);
  }
  while (under.size > 0 || due.length > 0) await Promise.all(under);
  for (const connection of idle) connection.close();
}

function rounded(samples: readonly number[]): number[] {
  return thin(samples, MOST_SAMPLES).map((us) => Math.round(us * 10) / 10);
}
