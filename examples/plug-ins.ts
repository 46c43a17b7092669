/**
 * A host that answers bindings which Skerry has not itself: email goes to a mailbox, Analytics Engine to a list, and `ai`
 * to a model of your own. Run it with `node --no-node-snapshot examples/plug-ins.ts`.
 */
import { BindingError, type BindingPlugIns, createHost, type WorkerUpload } from "../src/index.ts";

/** What workers have sent. */
export interface Outbox {
  readonly mails: {
    readonly account: string;
    readonly from: string;
    readonly to: string;
    readonly raw: string;
  }[];
  readonly points: { readonly dataset: unknown; readonly blobs: unknown }[];
}

/** Plug-ins that put everything into `outbox`. */
export function plugIns(outbox: Outbox): BindingPlugIns {
  return {
    // A function answers the methods that Cloudflare's binding has: of email, `send`.
    send_email(_method, [message], { account, config }) {
      const { from, to, raw } = message as { from: string; to: string; raw: string | Uint8Array };
      const only = config["destination_address"] as string | undefined;
      if (only !== undefined && to !== only) throw new BindingError(`this binding sends to ${only} only`);
      outbox.mails.push({
        account,
        from,
        to,
        raw: typeof raw === "string" ? raw : new TextDecoder().decode(raw),
      });
    },
    // `writeDataPoint` answers nothing, and workers do not wait for it.
    analytics_engine(_method, [point], { config }) {
      outbox.points.push({ dataset: config["dataset"], blobs: Object(point)["blobs"] });
    },
    // Everything that can be said of a plug-in.
    ai: {
      methods: ["run", "models"],
      timeoutMs: 120_000,
      concurrency: 4,
      check: ({ account }) => (account === "acme" ? undefined : "your account has no access to models"),
      answer(method, [model, input], { signal }) {
        if (method === "models") return [{ name: "echo" }];
        if (model !== "echo") throw new BindingError("there is no such model", "RangeError");
        signal.throwIfAborted();
        const { prompt, stream } = input as { prompt: string; stream?: boolean };
        // A stream of bytes goes through as it is.
        return stream === true ? new Response(`data: ${prompt}\n\n`).body : { response: prompt };
      },
    },
    // `env.BROWSER.fetch()`.
    browser: { fetch: (request) => Response.json({ opened: new URL(request.url).pathname }) },
    // Values, as Hyperdrive has them.
    hyperdrive: { values: ({ account }) => ({ connectionString: `postgres://db.internal/${account}` }) },
  };
}

/** A worker that uses them all. */
export const worker: WorkerUpload = {
  account: "acme",
  name: "letters",
  main: "index.js",
  modules: [
    {
      name: "index.js",
      type: "esm",
      content: `
import { EmailMessage } from "cloudflare:email";
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    env.VISITS.writeDataPoint({ blobs: [pathname], doubles: [1], indexes: ["visit"] });
    if (pathname === "/mail") {
      const raw = "Subject: Hello\\r\\n\\r\\nIt works.";
      await env.MAIL.send(new EmailMessage("shop@acme.example", "owner@acme.example", raw));
      return new Response("sent");
    }
    if (pathname === "/stream") return new Response(await env.AI.run("echo", { prompt: "hi", stream: true }));
    const { response } = await env.AI.run("echo", { prompt: "hello" });
    const browser = await (await env.BROWSER.fetch("http://browser/acquire")).json();
    return Response.json({ response, browser, database: env.DB.connectionString });
  },
};
`,
    },
  ],
  plugIns: [
    { binding: "MAIL", type: "send_email", config: { destination_address: "owner@acme.example" } },
    { binding: "VISITS", type: "analytics_engine", config: { dataset: "visits" } },
    { binding: "AI", type: "ai" },
    { binding: "BROWSER", type: "browser" },
    { binding: "DB", type: "hyperdrive" },
  ],
  routes: ["*/*"],
};

if (import.meta.main) {
  const outbox: Outbox = { mails: [], points: [] };
  const host = await createHost({ bindings: plugIns(outbox) });
  await host.deploy(worker);
  const { url } = await host.listen();
  console.log(`${url} and ${url}/mail; what was sent is shown every ten seconds`);
  setInterval(() => console.log(outbox), 10_000);
}
