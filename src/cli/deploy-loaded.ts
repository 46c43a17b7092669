import { putAssets } from "../../wrangler-compat/assets/put-assets.ts";
import type { LoadedWorker } from "../../wrangler-compat/load-worker.ts";
import { DEFAULT_ACCOUNT } from "../control/deployer.ts";
import type { Host, Worker, WorkerUpload } from "../index.ts";

/**
 * Deploys a worker of a folder to a host in this process: its static assets first, then the worker.
 * @param change What holds in place of what the folder says.
 */
export async function deployLoaded(
  host: Host,
  { upload, assets }: LoadedWorker,
  change: Partial<WorkerUpload>,
): Promise<Worker> {
  if (assets !== undefined) await putAssets(host.control.assets, DEFAULT_ACCOUNT, assets);
  return await host.deploy({ ...upload, ...change });
}
