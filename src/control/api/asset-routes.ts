import type { Hono } from "hono";
import type { AssetFiles } from "../../assets/worker-assets.ts";
import type { AssetControl } from "../asset-control.ts";
import { DEFAULT_ACCOUNT } from "../deployer.ts";
import type { NoteOperator } from "./audit-routes.ts";

/** The part of the control API that has to do with static assets. A content is the body itself, and is not held in memory. */
export function addAssetRoutes(app: Hono, assets: AssetControl, note: NoteOperator): void {
  app.post("/v1/assets/missing", async (context) => {
    const files: unknown = await context.req.json().catch(() => null);
    const account = context.req.query("account") ?? DEFAULT_ACCOUNT;
    const missing = await assets.missing(account, files as AssetFiles);
    // Noted here and not at each content: a site has thousands.
    if (missing.length > 0) note(account, "upload-assets", String(missing.length));
    return context.json({ missing });
  });
  app.put("/v1/assets/:hash", async (context) => {
    const account = context.req.query("account") ?? DEFAULT_ACCOUNT;
    const content = context.req.raw.body ?? new Uint8Array();
    const type = context.req.query("type") ?? null;
    return context.json(await assets.put(account, context.req.param("hash"), content, type), 201);
  });
}
