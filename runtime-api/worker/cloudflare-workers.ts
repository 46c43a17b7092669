import { ErrorOf } from "../primordials/errors.ts";
import { objectCreate, objectDefineProperty } from "../primordials/object.ts";
import { waitUntilCurrent } from "./execution-context.ts";
import type { Linker } from "./linker/linker.ts";
import type { ExportGetter } from "./linker/module-record.ts";
import { WorkerEntrypoint } from "./worker-entrypoint.ts";

/** Names of the module that Skerry does not have: importing one is fine, using it says so. */
const ABSENT = ["DurableObject", "WorkflowEntrypoint", "RpcTarget"];

/** Adds the module `cloudflare:workers`. */
export function addCloudflareWorkers(linker: Linker, env: object): void {
  const exports = objectCreate(null) as Record<string, ExportGetter>;
  exports["env"] = () => env;
  exports["waitUntil"] = () => waitUntilCurrent;
  exports["WorkerEntrypoint"] = () => WorkerEntrypoint;
  const { namespace } = linker.addBuiltin("cloudflare:workers", exports);
  for (let i = 0; i < ABSENT.length; i++) {
    const name = ABSENT[i] as string;
    objectDefineProperty(namespace, name, {
      __proto__: null,
      enumerable: false,
      get(): never {
        throw new ErrorOf(
          `"${name}" of "cloudflare:workers" is not supported: export default an object with a fetch function instead.`,
        );
      },
    } as PropertyDescriptor);
  }
}
