/** Deno.serve: one handler in the server itself, or a Worker of its own for each tenant. */
import { answerOf } from "../site.ts";
import { answerByWorkers } from "./web-workers.ts";
import { readSite, sayPort } from "./read-site.ts";

declare const Deno: {
  serve(
    options: { port: number; hostname: string; onListen(at: { port: number }): void },
    handler: (request: Request) => Response | Promise<Response>,
  ): unknown;
};

const { site } = readSite();
Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen: ({ port }) => sayPort(port) },
  process.env["BENCH_WORKERS"] === "1" ? answerByWorkers(site) : () => new Response(answerOf("hello", 0)),
);
