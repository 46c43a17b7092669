import { STATUS_CODES } from "node:http";
import type { AskService } from "../bindings/service/service-binding.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import type { EdgeBody, EdgeResponse } from "../dispatch/edge.ts";
import { flatHeader } from "../dispatch/flat-header.ts";
import { codingOf } from "../egress/coding.ts";
import { decodeBody } from "../egress/decode-body.ts";
import { HeldBytes } from "../egress/held-bytes.ts";
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
  return async (
    { account, worker, entrypoint: name, propsJson },
    { method, url, headers, body, signal, invocations },
  ) => {
    const active = catalog.get(account, worker);
    if (active === undefined) return null;
    const answer = await dispatcher.fetch(pickVersion(active.traffic, headers), {
      method,
      url,
      headers,
      body,
      signal,
      cfJson: "{}",
      invocations,
      ...((name !== "" || propsJson !== "") && { entry: { name, propsJson } }),
    });
    const { status, outcome, socket } = answer;
    const statusText = answer.statusText === "" ? (STATUS_CODES[status] ?? "") : answer.statusText;
    const failure = outcome === "ok" ? null : (FAILURES[outcome] ?? outcome);
    const content = plainBody(answer);
    return { status, statusText, headers: answer.headers, body: content, failure, ...(socket && { socket }) };
  };
}

const MiB = 1024 * 1024;
/** What bodies that workers encoded themselves may become on their way to other workers. */
const held = new HeldBytes(256 * MiB, null);
const BOUNDS = { maxBytes: 1024 * MiB, freeBytes: MiB, held };

/** The body as the caller reads it: what the worker encoded by hand is decoded, as a client would. */
function plainBody({ body, headers, isPlain }: EdgeResponse): EdgeBody {
  if (body === null || isPlain === true) return body;
  const coding = codingOf(flatHeader(headers, "content-encoding"));
  if (coding === null) return body;
  const source = body instanceof ReadableStream ? body : new Blob([body as string]).stream();
  return decodeBody(source, [coding], BOUNDS);
}
