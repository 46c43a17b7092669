import type { Hono } from "hono";
import type { AssetFiles } from "../../assets/worker-assets.ts";
import type { AssetControl } from "../asset-control.ts";
import { DEFAULT_ACCOUNT } from "../deployer.ts";

/** The part of the control API that has to do with static assets. A content is the body itself, and is not held in memory. */
export function addAssetRoutes(app: Hono, assets: AssetControl): void {
  app.post("/v1/assets/missing", async (context) => {
    const files: unknown = await context.req.json().catch(() => null);
    const account = context.req.query("account") ?? DEFAULT_ACCOUNT;
    return context.json({ missing: await assets.missing(account, files as AssetFiles) });
  });
  app.put("/v1/assets/:hash", async (context) => {
    const account = context.req.query("account") ?? DEFAULT_ACCOUNT;
    const content = context.req.raw.body ?? new Uint8Array();
    const type = context.req.query("type") ?? null;
    return context.json(await assets.put(account, context.req.param("hash"), content, type), 201);
  });
}
