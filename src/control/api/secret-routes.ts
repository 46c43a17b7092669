import type { Hono } from "hono";
import type { SecretControl } from "../secret-control.ts";
import { failure } from "./failure.ts";

const SECRETS = "/v1/workers/:name/secrets";

/** The part of the control API that has to do with secrets. A value is the body itself, so that no parser quotes it. */
export function addSecretRoutes(app: Hono, secrets: SecretControl): void {
  app.get(SECRETS, (context) =>
    context.json({ names: secrets.list(context.req.param("name"), context.req.query("account")) }),
  );
  app.put(`${SECRETS}/:secret`, async (context) => {
    const { name, secret } = context.req.param();
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    const value = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    return context.json(await secrets.put(name, secret, value, context.req.query("account")));
  });
  app.delete(`${SECRETS}/:secret`, async (context) => {
    const { name, secret } = context.req.param();
    if (await secrets.delete(name, secret, context.req.query("account"))) return context.body(null, 204);
    return failure(404, "NO_SUCH_SECRET", `worker "${name}" has no secret "${secret}"`);
  });
  app.post("/v1/secrets/rotate", (context) => context.json(secrets.rotate()));
}
