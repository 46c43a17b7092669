import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import type { QuarantineEntry } from "../../admission/quarantine.ts";
import { isFaultOfHost } from "../../errors/is-fault-of-host.ts";
import { SkerryError } from "../../errors/skerry-error.ts";
import type { HostStorage } from "../../storage/host-storage.ts";
import type { WorkerUpload } from "../../host-options.ts";
import type { Control } from "../control.ts";
import type { TokenRequest } from "../token-control.ts";
import { failure } from "./failure.ts";
import { addAssetRoutes } from "./asset-routes.ts";
import { addAuditRoutes, noteToken, operatorNotes } from "./audit-routes.ts";
import { addSecretRoutes } from "./secret-routes.ts";
import { tailStream } from "./tail-stream.ts";
import { uploadFromJson } from "./upload-json.ts";

/** The part of a host that its control API needs. */
export interface ControlledHost {
  deploy(
    upload: WorkerUpload,
  ): Promise<{ readonly account: string; readonly name: string; readonly versionId: string }>;
  delete(name: string, account?: string): Promise<boolean>;
  stats(): Promise<{ readonly workers: readonly object[] }>;
  storage(): Promise<HostStorage>;
  readonly quarantine: {
    list(): readonly QuarantineEntry[];
    lift(name: string, account?: string): boolean;
  };
  readonly control: Pick<Control, "assets" | "tokens" | "secrets" | "tail">;
}

/**
 * The control API of a running host, as a function of web Requests:
 *
 * | | |
 * | --- | --- |
 * | `GET /v1/workers` | what is deployed, with its routes and usage |
 * | `POST /v1/workers` | deploys the upload in the body, see `upload-json.ts` |
 * | `DELETE /v1/workers/:name?account=` | removes a worker |
 * | `GET /v1/workers/:name/tail?account=` | each event when it is over, with its log: a line of JSON each, without end |
 * | `GET /v1/stats` | what the host is doing |
 * | `GET /v1/tokens` | tokens for the APIs, without their text |
 * | `POST /v1/tokens` | makes one: `{ name, accounts, permissions?, expiresAtMs? }` |
 * | `DELETE /v1/tokens/:id` | revokes one |
 * | `GET /v1/audit?account=&sinceMs=&before=&limit=` | who did what, newest first: `{ entries, next }`, where `next` is the `before` of the next page, or null |
 * | `GET /v1/storage` | what each account stores, of how much, and what is free of the disk |
 * | `GET /v1/quarantine` | workers that ended their cells, with evidence, and until when they are paused |
 * | `DELETE /v1/quarantine/:name?account=` | forgets the strikes of one, so that it runs again |
 * | `GET /v1/workers/:name/secrets?account=` | names of a worker's secrets |
 * | `PUT /v1/workers/:name/secrets/:secret?account=` | gives it one, whose value is the body |
 * | `DELETE /v1/workers/:name/secrets/:secret?account=` | takes one away |
 * | `POST /v1/assets/missing?account=` | which contents of the files in the body, as JSON, are to be put |
 * | `PUT /v1/assets/:hash?account=&type=` | keeps the content in the body |
 * | `POST /v1/secrets/rotate` | encrypts all secrets anew |
 *
 * @param internal Told of errors that are the host's own.
 *
 * Every request needs `Authorization: Bearer <token>`. An error is `{ error: { code, message } }`.
 */
export function controlApi(
  host: ControlledHost,
  token: string,
  internal: (error: unknown) => void = () => {},
): (request: Request) => Promise<Response> {
  const app = new Hono();
  const { tokens } = host.control;
  const note = operatorNotes(tokens);
  app.use(async (context, next) => {
    const given = context.req.header("authorization") ?? "";
    if (!same(given, `Bearer ${token}`))
      return failure(401, "UNAUTHORIZED", "the bearer token is missing or wrong");
    await next();
    return undefined;
  });
  app.get("/v1/workers", async (context) => context.json({ workers: (await host.stats()).workers }));
  app.post("/v1/workers", async (context) => {
    const { account, name, versionId } = await host.deploy(uploadFromJson(await context.req.text()));
    note(account, "deploy", `${name} ${versionId}`);
    return context.json({ account, name, versionId }, 201);
  });
  app.delete("/v1/workers/:name", async (context) => {
    const name = context.req.param("name");
    const account = context.req.query("account");
    if (!(await host.delete(name, account)))
      return failure(404, "NO_SUCH_WORKER", `there is no worker "${name}"`);
    note(account, "delete", name);
    return context.body(null, 204);
  });
  app.get("/v1/workers/:name/tail", (context) => {
    const name = context.req.param("name");
    const account = context.req.query("account");
    const stream = tailStream((listener) => host.control.tail(name, listener, account));
    note(account, "tail", name);
    return new Response(stream, { headers: { "content-type": "application/x-ndjson" } });
  });
  app.get("/v1/storage", async (context) => context.json(await host.storage()));
  app.get("/v1/stats", async (context) => context.json(await host.stats()));
  app.get("/v1/quarantine", (context) => context.json({ workers: host.quarantine.list() }));
  app.delete("/v1/quarantine/:name", (context) => {
    const name = context.req.param("name");
    const account = context.req.query("account");
    if (!host.quarantine.lift(name, account))
      return failure(404, "NOT_QUARANTINED", `there is nothing against a worker "${name}" of this account`);
    note(account, "quarantine-lift", name);
    return context.body(null, 204);
  });
  app.get("/v1/tokens", (context) => context.json({ tokens: tokens.list() }));
  app.post("/v1/tokens", async (context) => {
    const request: unknown = await context.req.json().catch(() => null);
    if (typeof request !== "object" || request === null)
      return failure(400, "INVALID_TOKEN_REQUEST", "the body must be a JSON object");
    const made = tokens.create(request as TokenRequest);
    noteToken(note, "token-create", made.info);
    return context.json(made, 201);
  });
  app.delete("/v1/tokens/:id", (context) => {
    const id = context.req.param("id");
    if (!tokens.revoke(id)) return failure(404, "NO_SUCH_TOKEN", `there is no token "${id}" in force`);
    for (const token of tokens.list()) if (token.id === id) noteToken(note, "token-revoke", token);
    return context.body(null, 204);
  });
  addAuditRoutes(app, tokens);
  addAssetRoutes(app, host.control.assets, note);
  addSecretRoutes(app, host.control.secrets, note);
  app.notFound(() => failure(404, "NO_SUCH_PATH", "the control API has no such path"));
  app.onError((error) => {
    if (error instanceof SkerryError && error.code === "DISK_LOW")
      return failure(507, error.code, error.message);
    if (error instanceof SkerryError && !isFaultOfHost(error)) return failure(400, error.code, error.message);
    internal(error);
    // What is wrong with its keys is for the operator to mend, who alone has this API's token.
    if (error instanceof SkerryError && error.code.startsWith("SECRETS_"))
      return failure(500, error.code, error.message);
    return failure(500, "INTERNAL_ERROR", "the host could not do this; its log says why");
  });
  return async (request) => await app.fetch(request);
}

/** Compares in a time that says nothing about where two texts differ. */
function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
