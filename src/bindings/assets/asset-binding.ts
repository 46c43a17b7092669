import { STATUS_CODES } from "node:http";
import type { Site } from "../../assets/site.ts";
import type { Binding } from "../binding.ts";
import { createServiceBinding } from "../service/service-binding.ts";

/** `env.ASSETS` of a version: asks its assets as a service binding asks a worker, and never the worker itself. */
export function createAssetBinding(account: string, worker: string, site: Site): Binding {
  const target = { account, worker, entrypoint: "", propsJson: "" };
  return createServiceBinding(target, async (_target, { method, url, headers, body }) => {
    if (body instanceof ReadableStream) body.cancel("assets take no body").catch(() => {});
    const answer = await site.fetch({ method, url, headers });
    // Bytes are shared with other answers, and an isolate takes what it is given.
    const own = answer.body instanceof Uint8Array ? answer.body.slice() : answer.body;
    const statusText = STATUS_CODES[answer.status] ?? "";
    return { ...answer, statusText, body: own, failure: null };
  });
}
