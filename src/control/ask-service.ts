import type { AskService } from "../bindings/service/service-binding.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import type { Catalog } from "./catalog.ts";
import { pickVersion } from "./traffic.ts";

/** Outcomes in the words of whoever called. */
const FAILURES: Readonly<Partial<Record<string, string>>> = {
  exception: "it threw an exception",
  exceededCpu: "it exceeded its CPU time limit",
  exceededMemory: "it exceeded its memory limit",
  exceededWallTime: "it made no progress",
  overloaded: "it is overloaded",
  canceled: "the request was cancelled",
};

/** Answers service bindings: the version that is active when a request comes, as its routes would. */
export function askService(catalog: Catalog, dispatcher: Dispatcher): AskService {
  return async ({ account, worker, entrypoint: name, propsJson }, { method, url, headers, body, signal }) => {
    const active = catalog.get(account, worker);
    if (active === undefined) return null;
    const answer = await dispatcher.fetch(pickVersion(active.traffic, headers), {
      method,
      url,
      headers,
      body,
      signal,
      cfJson: "{}",
      ...((name !== "" || propsJson !== "") && { entry: { name, propsJson } }),
    });
    answer.socket?.refuse();
    const { status, statusText, outcome } = answer;
    const failure = outcome === "ok" ? null : (FAILURES[outcome] ?? outcome);
    return { status, statusText, headers: answer.headers, body: answer.body, failure };
  };
}
