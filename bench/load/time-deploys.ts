import { tenantHost } from "../subjects/site.ts";
import { versionAnswer } from "../subjects/version-answer.ts";
import { Connection } from "./connection.ts";
import type { LoadJob } from "./load-job.ts";

/** What deploying and the first request after it took, in microseconds; see `LoadResult`. */
export interface DeployTimes {
  readonly deployUs: number[];
  readonly firstByteUs: number[];
  readonly wholeUs: number[];
  /** From when the deploy was asked for until the whole answer of the new code was there. */
  readonly togetherUs: number[];
}

/**
 * Has the server deploy new code again and again, and asks for it as soon as that is done.
 * Each request has a connection of its own, which is open before it counts. One deploy comes first and is not counted: it finds
 * what server and client do for the first time.
 * @throws Error where an answer is not the new code's.
 */
export async function timeDeploys({ port, controlPort, requests, tenants }: LoadJob): Promise<DeployTimes> {
  const times: DeployTimes = { deployUs: [], firstByteUs: [], wholeUs: [], togetherUs: [] };
  for (let version = 0; version <= requests; version++) {
    const tenant = tenants.first + (version % tenants.count);
    const beganMs = performance.now();
    const told = await fetch(`http://127.0.0.1:${controlPort}/deploy?tenant=${tenant}&version=${version}`);
    if (!told.ok) throw new Error(`version ${version} was not deployed: ${await told.text()}`);
    await told.arrayBuffer();
    const deployedMs = performance.now();
    const connection = await Connection.open(port);
    const askedMs = performance.now();
    const { status, body, firstByteMs } = await connection.ask(tenantHost(tenant));
    const doneMs = performance.now();
    connection.close();
    const expected = versionAnswer(tenant, version);
    if (status !== 200 || body !== expected)
      throw new Error(`after deploying version ${version} tenant ${tenant} answered ${status} ${body}`);
    if (version === 0) continue;
    times.deployUs.push((deployedMs - beganMs) * 1_000);
    times.firstByteUs.push((firstByteMs - askedMs) * 1_000);
    times.wholeUs.push((doneMs - askedMs) * 1_000);
    times.togetherUs.push((doneMs - beganMs) * 1_000);
  }
  return times;
}
