import type { Control } from "../../src/index.ts";
import { accountOf, type ApiApp, type ApiOptions, audit, jsonBody, part } from "./api-context.ts";
import { ApiError, Code } from "./api-error.ts";
import { page, success } from "./envelope.ts";
import { listOf, textOf } from "./list-body.ts";
import { changeSettings, mustFind, settingsOf } from "./worker-settings.ts";

const DOMAINS = "/accounts/:account/workers/domains";
const OF_SCRIPT = "/accounts/:account/workers/scripts/:name/domains";

interface Records {
  readonly origins: unknown;
  readonly override_existing_origin: unknown;
}

/** Custom domains: host names that lead to a worker as a whole. */
export function addDomainRoutes(app: ApiApp, options: ApiOptions): void {
  const { control } = options;
  const set = async (account: string, name: string, domains: readonly string[]): Promise<void> => {
    await changeSettings(options, account, name, { domains });
  };
  app.get(DOMAINS, (context) => {
    const owners = ownersOf(control, accountOf(context, "read"));
    return page(
      [...owners].map(([hostname, service]) => form(hostname, service)),
      new URL(context.req.url),
    );
  });
  app.get(`${DOMAINS}/records/:domain`, (context) => {
    const hostname = part(context, "domain");
    const service = ownersOf(control, accountOf(context, "read")).get(hostname);
    if (service === undefined) throw new ApiError(404, Code.noRoute, "This account has no such domain.");
    return success(form(hostname, service));
  });
  app.post(`${OF_SCRIPT}/changeset`, async (context) => {
    const account = accountOf(context, "read");
    const { name, settings } = mustFind(control, account, part(context, "name"));
    const { domains } = settingsOf({ settings });
    const wanted = listOf(await jsonBody<unknown[]>(context)).map((entry) => textOf(entry, "hostname"));
    const owners = ownersOf(control, account);
    const fresh = wanted.filter((hostname) => !domains.includes(hostname));
    return success({
      added: fresh.filter((hostname) => !owners.has(hostname)).map((hostname) => ({ hostname })),
      removed: domains.filter((hostname) => !wanted.includes(hostname)).map((domain) => form(domain, name)),
      updated: fresh
        .filter((hostname) => owners.has(hostname))
        .map((hostname) => ({ ...form(hostname, owners.get(hostname)!), modified: true })),
      conflicting: [],
    });
  });
  app.put(`${OF_SCRIPT}/records`, async (context) => {
    const account = accountOf(context, "deploy");
    const { name } = mustFind(control, account, part(context, "name"));
    const { origins, override_existing_origin } = await jsonBody<Records>(context);
    const domains = listOf(origins ?? []).map((entry) => textOf(entry, "hostname"));
    const taken = override_existing_origin === true ? takenFromOthers(control, account, name, domains) : [];
    const done: typeof taken = [];
    try {
      for (const entry of taken) {
        await set(account, entry.worker, entry.after);
        done.push(entry);
      }
      await set(account, name, domains);
    } catch (error) {
      // What cannot be given back to one is no reason not to give back to others.
      for (const { worker, before } of done) await set(account, worker, before).catch(() => {});
      throw error;
    }
    audit(context, options, account, "domains", name);
    return success(domains.map((hostname) => form(hostname, name)));
  });
}

/** Other workers of the account that have some of the domains: all of theirs, and what is left to them. */
function takenFromOthers(
  control: Control,
  account: string,
  name: string,
  domains: readonly string[],
): { readonly worker: string; readonly before: readonly string[]; readonly after: readonly string[] }[] {
  const wanted = new Set(domains);
  return control
    .workers(account)
    .filter((worker) => worker.name !== name)
    .map((worker) => ({ worker: worker.name, before: settingsOf(worker).domains }))
    .filter(({ before }) => before.some((domain) => wanted.has(domain)))
    .map((entry) => ({ ...entry, after: entry.before.filter((domain) => !wanted.has(domain)) }));
}

function ownersOf(control: Control, account: string): Map<string, string> {
  return new Map(
    control
      .workers(account)
      .flatMap((worker) => settingsOf(worker).domains.map((domain) => [domain, worker.name] as const)),
  );
}

function form(hostname: string, service: string): object {
  return { id: hostname, hostname, service, environment: "production" };
}
