import type { Hono } from "hono";
import type { SecretControl } from "../secret-control.ts";
import { ALL_ACCOUNTS } from "../token-control.ts";
import type { NoteOperator } from "./audit-routes.ts";
import { failure } from "./failure.ts";

const SECRETS = "/v1/workers/:name/secrets";

/** The part of the control API that has to do with secrets. A value is the body itself, so that no parser quotes it. */
export function addSecretRoutes(app: Hono, secrets: SecretControl, note: NoteOperator): void {
  app.get(SECRETS, (context) =>
    context.json({ names: secrets.list(context.req.param("name"), context.req.query("account")) }),
  );
  app.put(`${SECRETS}/:secret`, async (context) => {
    const { name, secret } = context.req.param();
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    const value = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    const account = context.req.query("account");
    const put = await secrets.put(name, secret, value, account);
    note(account, "secret-put", `${name} ${secret}`);
    return context.json(put);
  });
  app.delete(`${SECRETS}/:secret`, async (context) => {
    const { name, secret } = context.req.param();
    const account = context.req.query("account");
    if (!(await secrets.delete(name, secret, account)))
      return failure(404, "NO_SUCH_SECRET", `worker "${name}" has no secret "${secret}"`);
    note(account, "secret-delete", `${name} ${secret}`);
    return context.body(null, 204);
  });
  app.post("/v1/secrets/rotate", (context) => {
    const rotated = secrets.rotate();
    note(ALL_ACCOUNTS, "secrets-rotate", rotated.keyId);
    return context.json(rotated);
  });
}
