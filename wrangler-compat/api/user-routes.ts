import { page, success } from "./envelope.ts";
import type { ApiApp, ApiOptions, ApiRequest } from "./api-context.ts";
import { accountOf } from "./api-context.ts";
import { subdomainOf } from "./worker-address.ts";
import { ApiError, Code } from "./api-error.ts";

/** Who the token is, and which accounts it opens: what `wrangler whoami` asks for. */
export function addUserRoutes(app: ApiApp, { control }: ApiOptions): void {
  const accounts = (context: ApiRequest): { id: string; name: string }[] => {
    const { accounts: opened } = context.get("token");
    const names = opened.includes("*") ? control.accounts() : opened;
    return names.map((name) => ({ id: name, name }));
  };
  app.get("/user/tokens/verify", (context) => success({ id: context.get("token").id, status: "active" }));
  app.get("/user", (context) => {
    const { id, name } = context.get("token");
    return success({ id, email: `${name.replaceAll(/[^\w.-]+/g, "-")}@token.invalid` });
  });
  app.get("/accounts", (context) => page(accounts(context), new URL(context.req.url)));
  app.get("/accounts/:account", (context) => {
    const account = accountOf(context, "read");
    return success({ id: account, name: account });
  });
  app.get("/memberships", (context) => {
    const memberships = accounts(context).map((account) => ({ id: account.id, account, roles: ["Token"] }));
    return page(memberships, new URL(context.req.url));
  });
  app.get("/accounts/:account/workers/subdomain", (context) =>
    success({ subdomain: subdomainOf(accountOf(context, "read")) }),
  );
  app.post("/graphql", () => {
    throw new ApiError(501, Code.notSupported, "This host has no GraphQL analytics");
  });
}
