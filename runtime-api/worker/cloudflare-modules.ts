import { emails } from "../email/late-email.ts";
import { ErrorOf } from "../primordials/errors.ts";
import { objectCreate, objectDefineProperty } from "../primordials/object.ts";
import { waitUntilCurrent } from "./execution-context.ts";
import { entryClasses } from "./late-entry-classes.ts";
import type { Linker } from "./linker/linker.ts";
import type { ExportGetter } from "./linker/module-record.ts";
import { WorkerEntrypoint } from "./worker-entrypoint.ts";

/** Names of `cloudflare:workers` that are classes of their own file. */
const CLASSES = [
  "DurableObject",
  "RpcPromise",
  "RpcProperty",
  "RpcStub",
  "RpcTarget",
  "ServiceStub",
  "WorkflowEntrypoint",
];
/** Names of the module that Skerry does not have: importing one is fine, using it says so. */
const ABSENT = ["abortIsolate", "cache", "restore", "tracing", "withEnv", "withEnvAndExports", "withExports"];

/** Adds the modules that a worker may import without uploading them; `versions/module-names.ts` lists them. */
export function addCloudflareModules(linker: Linker, env: object): void {
  const workers = objectCreate(null) as Record<string, ExportGetter>;
  workers["env"] = () => env;
  workers["waitUntil"] = () => waitUntilCurrent;
  workers["WorkerEntrypoint"] = () => WorkerEntrypoint;
  for (let i = 0; i < CLASSES.length; i++) {
    const name = CLASSES[i] as string;
    workers[name] = () => entryClasses.get()[name];
  }
  const { namespace } = linker.addBuiltin("cloudflare:workers", workers);
  for (let i = 0; i < ABSENT.length; i++) {
    const name = ABSENT[i] as string;
    objectDefineProperty(namespace, name, {
      __proto__: null,
      enumerable: false,
      get(): never {
        throw new ErrorOf(`"${name}" of "cloudflare:workers" is not supported by this host yet.`);
      },
    } as PropertyDescriptor);
  }
  const email = objectCreate(null) as Record<string, ExportGetter>;
  email["EmailMessage"] = () => emails.get().EmailMessage;
  linker.addBuiltin("cloudflare:email", email);
  const workflows = objectCreate(null) as Record<string, ExportGetter>;
  workflows["NonRetryableError"] = () => entryClasses.get()["NonRetryableError"];
  linker.addBuiltin("cloudflare:workflows", workflows);
}
