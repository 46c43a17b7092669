/** Bun.serve: one handler in the server itself, or a Worker of its own for each tenant. */
import { answerOf } from "../site.ts";
import { answerByWorkers } from "./web-workers.ts";
import { readSite, sayPort } from "./read-site.ts";

declare const Bun: {
  serve(options: {
    port: number;
    hostname: string;
    fetch: (request: Request) => Response | Promise<Response>;
  }): { readonly port: number };
};

const { site } = readSite();
const { port } = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch:
    process.env["BENCH_WORKERS"] === "1" ? answerByWorkers(site) : () => new Response(answerOf("hello", 0)),
});
sayPort(port);
