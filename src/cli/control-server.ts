import { API_PATH, cloudflareApi } from "../../wrangler-compat/api/cloudflare-api.ts";
import { TAIL_PATH } from "../../wrangler-compat/api/tail-routes.ts";
import { Tails } from "../../wrangler-compat/api/tail/tails.ts";
import { BodyBudget } from "../../wrangler-compat/api/body/body-budget.ts";
import { newControlToken, writeControlAccess } from "../control/api/control-access.ts";
import { controlApi } from "../control/api/control-api.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import { answerWith } from "../http/answer-with.ts";
import { type HttpListener, listenHttp } from "../http/listen-http.ts";
import { boundedControl } from "./bounded-control.ts";
import { answerTail } from "./tail-sockets.ts";
import type { Host } from "../index.ts";

/** Uploads may be as large as a version's code, and base64 makes bytes a third longer. */
const BODY_BYTES = 128 * 1024 * 1024;
/** Where the APIs are looked for first, so that a `.env` stays right over restarts. */
const USUAL_PORT = 8788;
const WORKERS_DOMAIN = "localhost";

export interface ControlServerOptions {
  readonly host: Host;
  readonly dataFolder: string;
  /** Port that was asked for; undefined takes the usual one, or any free one where that is taken. */
  readonly port: number | undefined;
  /** Port of the workers. */
  readonly workersPort: number;
}

/**
 * Answers on loopback what changes a host: Skerry's own control API, and the part of Cloudflare's that wrangler
 * calls. Leaves the way to it in the data folder.
 */
export async function startControlServer(options: ControlServerOptions): Promise<HttpListener> {
  const { host, dataFolder, port, workersPort } = options;
  const token = newControlToken();
  const internal = (error: unknown): void => console.error("skerry: internal error:", error);
  const bodies = new BodyBudget();
  const own = boundedControl(controlApi(host, token, internal), bodies, BODY_BYTES);
  const tails = new Tails(host.control);
  const cloudflare = cloudflareApi({
    control: host.control,
    tails,
    workersDomain: WORKERS_DOMAIN,
    workersScheme: "http",
    workersPort,
    bodies,
    internal,
  });
  const answer = async (request: Request): Promise<Response> =>
    await (new URL(request.url).pathname.startsWith(`${API_PATH}/`) ? cloudflare(request) : own(request));
  const listen = async (at: number): Promise<HttpListener> =>
    await listenHttp({
      handle: async (request) => {
        const { pathname } = new URL(request.url);
        if (pathname.startsWith(TAIL_PATH)) return answerTail(tails, pathname.slice(TAIL_PATH.length));
        return await answerWith(request, answer);
      },
      hostname: "127.0.0.1",
      port: at,
      requestBodyBytes: BODY_BYTES,
    });
  const listener = await (port === undefined
    ? listen(USUAL_PORT).catch(async (error: unknown) => {
        if (error instanceof SkerryError && error.code === "LISTEN_FAILED") return await listen(0);
        throw error;
      })
    : listen(port));
  writeControlAccess(dataFolder, { url: listener.url, token });
  return listener;
}
