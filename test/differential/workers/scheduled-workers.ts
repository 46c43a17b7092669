import type { CaseRequest, DifferentialWorker } from "../differential-case.ts";
import { worker } from "./worker.ts";

const trigger = (name: string, cron = "*/5 * * * *"): CaseRequest => ({ name, cron });
const each = (...crons: readonly string[]): CaseRequest[] => crons.map((cron) => trigger(cron, cron));

/** A worker whose `scheduled` does what the cron names: any text may stand there. */
const byCron = (cases: string): string => `const cases = {${cases}};
export default { async scheduled(controller, env, ctx) { return await cases[controller.cron](controller, env, ctx); } };`;

const script = (content: string): DifferentialWorker["modules"] => ({
  "index.js": { type: "script", content },
});

/** `scheduled`: what it is given, how it ends, and who may listen. */
export const SCHEDULED_WORKERS: readonly DifferentialWorker[] = [
  worker(
    "scheduled",
    "cron-controller",
    `export default { async scheduled(controller, env, ctx) {
      console.log(controller.cron, controller.scheduledTime, typeof controller.scheduledTime, String(controller.type), typeof controller.noRetry);
      console.log(Object.keys(controller).join(), "cron" in controller, JSON.stringify(controller));
      console.log(typeof ctx.waitUntil, typeof ctx.passThroughOnException, env.A);
    } };`,
    {
      vars: { A: "x" },
      requests: [trigger("every five minutes"), trigger("words", "0 12 * * MON-FRI"), trigger("empty", "")],
    },
  ),
  worker(
    "scheduled",
    "cron-tag",
    `export default { scheduled(controller) { console.log(Object.prototype.toString.call(controller)); } };`,
    { requests: [trigger("asked")] },
  ),
  worker(
    "scheduled",
    "cron-ends",
    byCron(`
      nothing() {}, value: () => new Response("x"), async later() { await scheduler.wait(5); console.log("later"); },
      throws() { throw new TypeError("thrown"); }, async rejects() { await null; throw new RangeError("rejected"); }, text() { throw "text"; },
      waits(c, e, ctx) { ctx.waitUntil(scheduler.wait(5).then(() => console.log("waited"))); },
      wait_fails(c, e, ctx) { ctx.waitUntil(Promise.reject(new RangeError("in wait"))); },
      both(c, e, ctx) { ctx.waitUntil(scheduler.wait(5).then(() => console.log("still"))); throw new Error("first"); },
      no_retry(c) { c.noRetry(); }, no_retry_throws(c) { c.noRetry(); throw new Error("once"); },
      floating() { Promise.reject(new TypeError("floating")); }, pass(c, e, ctx) { ctx.passThroughOnException(); throw new Error("passed"); },
      timer() { setTimeout(() => console.log("never"), 60_000); }, detached({ noRetry }) { try { noRetry(); console.log("fine"); } catch (error) { console.log(error.name); } },
      set(c) { try { c.cron = "other"; } catch (error) { console.log(error.name); } console.log(c.cron); },
      now() { console.log(typeof Date.now(), Date.now() > 1.7e12); },
      log() { console.debug("d", 1); console.info("i", "a"); console.warn("w"); console.error("e"); },`),
    {
      requests: each(
        ...[
          "nothing",
          "value",
          "later",
          "throws",
          "rejects",
          "text",
          "waits",
          "wait_fails",
          "both",
          "no_retry",
        ],
        ...["no_retry_throws", "floating", "pass", "timer", "detached", "set", "now", "log"],
      ),
    },
  ),
  worker("scheduled", "cron-no-handler", `export default { fetch: () => new Response("x") };`, {
    requests: [trigger("asked")],
  }),
  worker(
    "scheduled",
    "cron-no-function",
    `export default { fetch: () => new Response("x"), scheduled: 5 };`,
    {
      requests: [trigger("asked")],
    },
  ),
  worker(
    "scheduled",
    "cron-class",
    `import { WorkerEntrypoint } from "cloudflare:workers";
    export default class extends WorkerEntrypoint {
      async scheduled(controller, ...rest) { console.log(controller.cron, this.env.A, typeof this.ctx.waitUntil); }
    }`,
    { vars: { A: "x" }, requests: [trigger("asked")] },
  ),
  worker(
    "scheduled",
    "cron-inherited",
    `class Base { async scheduled(controller, env) { console.log(controller.cron, env.A, this.n); } }
    export default new (class extends Base { n = 5; })();`,
    { vars: { A: "x" }, requests: [trigger("asked")] },
  ),
  worker(
    "scheduled",
    "cron-asks-others",
    `export default { async scheduled(controller, env) { console.log(await (await env.PEER.fetch("http://peer/x")).text()); } };`,
    {
      services: [{ binding: "PEER", service: "peer" }],
      peers: {
        peer: { modules: { "index.js": `export default { fetch: (r) => new Response("peer " + r.url) };` } },
      },
      requests: [trigger("asked")],
    },
  ),
  worker(
    "scheduled",
    "cron-script",
    script(`addEventListener("scheduled", (event) => {
      console.log(event.type, event.cron, event.scheduledTime, event instanceof ScheduledEvent, event instanceof ExtendableEvent, typeof event.noRetry);
      try { (0, event.noRetry)(); } catch (error) { console.log(error.name); }
      event.waitUntil(scheduler.wait(5).then(() => console.log("waited")));
    });`),
    { requests: [trigger("asked")] },
  ),
  worker(
    "scheduled",
    "cron-script-that-throws",
    script(`addEventListener("scheduled", (event) => { throw new TypeError("thrown by " + event.cron); });`),
    { requests: [trigger("asked")] },
  ),
];
