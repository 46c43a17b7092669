import { setImmediate } from "node:timers/promises";
import type { Control } from "../../src/index.ts";
import { accountOf, type ApiApp, type ApiOptions, part } from "./api-context.ts";
import { success } from "./envelope.ts";
import { mustFind } from "./worker-settings.ts";

const WORKERS = "/accounts/:account/workers";
/** Workers that are looked at in one go, before others have their turn. */
const AT_ONCE = 50;

/** Who depends on a worker: what `wrangler delete` asks first. */
export function addReferenceRoutes(app: ApiApp, { control }: ApiOptions): void {
  app.get(`${WORKERS}/scripts/:name/references`, async (context) => {
    const account = accountOf(context, "read");
    const { name } = mustFind(control, account, part(context, "name"));
    const incoming: object[] = [];
    for await (const worker of namesOf(control, account)) {
      if (worker === name) continue;
      const bound = servicesOf(control, account, worker).filter(({ service }) => service === name);
      incoming.push(...bound.map(({ binding }) => ({ name: binding, service: worker })));
    }
    const outgoing = servicesOf(control, account, name).map(({ binding, service }) => ({
      name: binding,
      service,
    }));
    return success({ services: { incoming, outgoing }, durable_objects: [], dispatch_outbounds: [] });
  });
  app.get(`${WORKERS}/tails/by-consumer/:name`, (context) => {
    const account = accountOf(context, "read");
    const consumer = part(context, "name");
    return success(
      control.tailProducers(consumer, account).map((producer) => ({
        consumer: { service: consumer },
        producer: { service: producer },
      })),
    );
  });
}

async function* namesOf(control: Control, account: string): AsyncGenerator<string, void, undefined> {
  for (const [index, { name }] of control.workers(account).entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await setImmediate();
    yield name;
  }
}

/** The services that the versions which take a worker's traffic may ask. */
function servicesOf(
  control: Control,
  account: string,
  name: string,
): readonly { readonly binding: string; readonly service: string }[] {
  const [deployment] = control.deployments(name, account);
  const versions = deployment?.versions.map(({ versionId }) => control.version(versionId, name, account));
  return versions?.flatMap((version) => version?.services ?? []) ?? [];
}
