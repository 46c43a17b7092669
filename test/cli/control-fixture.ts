import { type ControlServerOptions, startControlServer } from "../../src/cli/control-server.ts";
import { type ControlAccess, readControlAccess } from "../../src/control/api/control-access.ts";
import { createHost, type Host, type HostOptions } from "../../src/index.ts";
import { projectFolder } from "../wrangler-compat/project-folder.ts";
import { WIDE_LIMITS } from "../limits/wide-limits.ts";

const CODE = "export default { fetch() { console.log('asked'); return new Response('ok'); } };";

/** A host with the worker `shop`, and its control APIs on a real socket. */
export interface ControlFixture extends AsyncDisposable {
  readonly host: Host;
  readonly access: ControlAccess;
  /** Where commands find the way to it. */
  readonly dataFolder: string;
  readonly port: number;
  /** For all of Cloudflare's API. */
  readonly token: string;
}

export async function listeningControl(
  options: Partial<ControlServerOptions> = {},
  hostOptions: HostOptions = {},
): Promise<ControlFixture> {
  const folder = projectFolder({});
  const host = await createHost({ limits: WIDE_LIMITS, ...hostOptions });
  const modules = [{ name: "index.js", type: "esm" as const, content: CODE }];
  await host.deploy({ name: "shop", main: "index.js", modules, routes: ["shop.test/*"] });
  const { token } = host.control.tokens.create({ name: "test", accounts: ["default"] });
  const base = { host, dataFolder: folder.path, port: 0, workersPort: 8787 };
  const listener = await startControlServer({ ...base, ...options });
  return {
    host,
    token,
    access: readControlAccess(folder.path),
    dataFolder: folder.path,
    port: listener.port,
    async [Symbol.asyncDispose]() {
      await listener.close(0);
      await host.close();
      folder[Symbol.dispose]();
    },
  };
}
