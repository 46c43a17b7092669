import type { ApiApp, ApiOptions, ApiRequest } from "./api-context.ts";
import { Provisioning } from "./provisioning.ts";

const ACCOUNT = /\/accounts\/([^/]+)\//;
const BEGINNING = /\/workers\/services\/([^/]+)$/;
const UPLOAD = /^(?:PUT .*\/workers\/scripts\/([^/]+)|POST .*\/workers\/scripts\/([^/]+)\/versions)$/;
const NAMESPACE = /\/storage\/kv\/namespaces$/;
/** What people do with namespaces by hand. */
const KV = /\/storage\/kv\//;

/** Follows the requests of deploys, so that what a refused one has made goes with it. */
export function followDeploys(app: ApiApp, { control }: ApiOptions): void {
  const provisioning = new Provisioning(control);
  app.use(async (context, next) => {
    const { method, path } = context.req;
    const account = ACCOUNT.exec(path)?.[1];
    if (account === undefined) return await next();
    const token = context.get("token").id;
    const [, worker] = method === "GET" ? (BEGINNING.exec(path) ?? []) : [];
    if (worker !== undefined) provisioning.began(token, account, worker);
    await next();
    const { status } = context.res;
    if (method === "POST" && NAMESPACE.test(path) && status === 200)
      await noteNamespace(provisioning, context, token, account);
    const [isUpload, put, post] = UPLOAD.exec(`${method} ${path}`) ?? [];
    const uploaded = put ?? post;
    if (uploaded !== undefined && status < 400) provisioning.accepted(token, account, uploaded);
    // What is asked for and is not there ends a deploy as well. Other failures are tried again.
    const isLacking = method !== "GET" && status === 501 && !KV.test(path);
    if ((isUpload !== undefined && [400, 404, 413].includes(status)) || isLacking)
      await provisioning.refused(token, account, uploaded);
  });
}

async function noteNamespace(
  provisioning: Provisioning,
  context: ApiRequest,
  token: string,
  account: string,
): Promise<void> {
  const { result } = (await context.res.clone().json()) as { result: { id: string; title: string } };
  provisioning.made(token, account, result.id, result.title);
}
