import type { PlugIns } from "../bindings/plug-in/plug-ins.ts";
import type { WorkerUpload } from "../host-options.ts";
import type { ControlStore } from "../storage/control-store.ts";
import { InvalidUpload } from "./invalid-upload.ts";

/**
 * Checks that all is there which a worker builds upon: other workers of the account, plug-ins of the host. A worker may
 * name itself.
 * @throws InvalidUpload naming all that is not there
 */
export function checkNeighbours(
  { control, plugIns }: { readonly control: ControlStore; readonly plugIns: PlugIns },
  account: string,
  {
    name,
    services = [],
    tailConsumers = [],
    plugIns: bindings = [],
  }: Partial<WorkerUpload> & Pick<WorkerUpload, "name">,
): void {
  const isThere = (worker: string): boolean => worker === name || control.worker(account, worker) !== null;
  const missing = (field: string, workers: readonly string[]): string[] =>
    workers
      .filter((worker) => !isThere(worker))
      .map((worker) => `${field}: the account has no worker "${worker}"; deploy it first`);
  const problems = [
    ...missing(
      "services",
      services.map(({ service }) => service),
    ),
    ...missing("tailConsumers", tailConsumers),
    ...bindings.flatMap(({ binding, type, config = {} }) => {
      const problem = plugIns.problem({ account, worker: name, binding, type, config });
      return problem === undefined ? [] : [problem];
    }),
  ];
  if (problems.length > 0) throw new InvalidUpload(problems);
}
