import { API_PATH, cloudflareApi } from "../../wrangler-compat/api/cloudflare-api.ts";
import { TAIL_PATH } from "../../wrangler-compat/api/tail-routes.ts";
import { Tails } from "../../wrangler-compat/api/tail/tails.ts";
import { BodyBudget } from "../../wrangler-compat/api/body/body-budget.ts";
import { parseNamedOrigin, parseOrigin } from "../config/parse-origin.ts";
import { newControlToken, writeControlAccess } from "../control/api/control-access.ts";
import { controlApi } from "../control/api/control-api.ts";
import { failure } from "../control/api/failure.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import { answerWith } from "../http/answer-with.ts";
import { type HttpListener, listenHttp } from "../http/listen-http.ts";
import { boundedControl } from "./bounded-control.ts";
import { isOwnMachine, reachableHost } from "./own-machine.ts";
import { reportInternal } from "./report-internal.ts";
import { answerTail } from "./tail-sockets.ts";
import type { Host } from "../index.ts";

/** Uploads may be as large as a version's code, and base64 makes bytes a third longer. */
const BODY_BYTES = 128 * 1024 * 1024;
/** Where the APIs are looked for first, so that a `.env` stays right over restarts. */
const USUAL_PORT = 8788;
const LOOPBACK = "127.0.0.1";
const DEFAULT_PORTS = { http: 80, https: 443 } as const;

export interface ControlServerOptions {
  readonly host: Host;
  readonly dataFolder: string;
  /** Port that was asked for; undefined takes the usual one, or any free one where that is taken. */
  readonly port: number | undefined;
  /** Address to listen on. @default "127.0.0.1" */
  readonly hostname?: string | undefined;
  /** Addresses or CIDR ranges of proxies whose word about the client is taken. @default none */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Origin at which clients reach the APIs. @default that of each request */
  readonly url?: string | undefined;
  /** Port of the workers. */
  readonly workersPort: number;
  /** Origin before whose host workers' names are put. @default "http://localhost:<workersPort>" */
  readonly workersUrl?: string | undefined;
}

/**
 * Answers what changes a host: Skerry's own control API, to this machine alone, and the part of Cloudflare's that
 * wrangler calls. Leaves the way to it in the data folder.
 * @throws SkerryError `LISTEN_FAILED`, `INVALID_ADDRESS_RANGE`
 */
export async function startControlServer(options: ControlServerOptions): Promise<HttpListener> {
  const { host, dataFolder, port, hostname = LOOPBACK, trustedProxies = [] } = options;
  const publicUrl = options.url === undefined ? undefined : parseOrigin(options.url)?.origin;
  const workers = workersAddress(options);
  const token = newControlToken();
  const bodies = new BodyBudget();
  const own = boundedControl(controlApi(host, token, reportInternal), bodies, BODY_BYTES);
  const tails = new Tails(host.control);
  const cloudflare = cloudflareApi({
    control: host.control,
    tails,
    bodies,
    internal: reportInternal,
    ...workers,
    ...(publicUrl !== undefined && { publicUrl }),
  });
  const answer = async (request: Request): Promise<Response> => {
    if (new URL(request.url).pathname.startsWith(`${API_PATH}/`)) return await cloudflare(request);
    // Who may do everything is whoever may read the data folder, and that is on this machine.
    if (isOwnMachine(request.headers.get("cf-connecting-ip") ?? "")) return await own(request);
    return failure(403, "NOT_FROM_HERE", "the control API answers on the host's own machine only");
  };
  const listen = async (at: number): Promise<HttpListener> =>
    await listenHttp({
      handle: async (request) => {
        const { pathname } = new URL(request.url);
        if (pathname.startsWith(TAIL_PATH)) return answerTail(tails, pathname.slice(TAIL_PATH.length));
        return await answerWith(request, answer);
      },
      hostname,
      trustedProxies,
      port: at,
      requestBodyBytes: BODY_BYTES,
    });
  const listener = await (port === undefined
    ? listen(USUAL_PORT).catch(async (error: unknown) => {
        if (error instanceof SkerryError && error.code === "LISTEN_FAILED") return await listen(0);
        throw error;
      })
    : listen(port));
  writeControlAccess(dataFolder, {
    url: `http://${reachableHost(hostname)}:${listener.port}`,
    token,
    workersDomain: workers.workersDomain,
    ...(publicUrl !== undefined && { publicUrl }),
  });
  return listener;
}

interface WorkersAddress {
  readonly workersDomain: string;
  readonly workersScheme: "http" | "https";
  readonly workersPort: number;
}

function workersAddress({ workersUrl, workersPort }: ControlServerOptions): WorkersAddress {
  const url = workersUrl === undefined ? null : parseNamedOrigin(workersUrl);
  if (url === null) return { workersDomain: "localhost", workersScheme: "http", workersPort };
  const scheme = url.protocol === "https:" ? "https" : "http";
  const port = url.port === "" ? DEFAULT_PORTS[scheme] : Number(url.port);
  return { workersDomain: url.hostname, workersScheme: scheme, workersPort: port };
}
