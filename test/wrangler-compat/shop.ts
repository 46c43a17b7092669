/** A worker with a variable, secrets, a cron trigger and another environment. */
export function shopFiles(name: string): Record<string, string> {
  return { "wrangler.toml": shopConfig(name), "src/index.ts": SHOP_CODE, "src/text.ts": shopText("one") };
}

/** @param more further keys */
export const shopConfig = (name: string, more = ""): string => `name = "${name}"
main = "src/index.ts"
compatibility_date = "2026-07-01"
${more}
[triggers]
crons = ["*/5 * * * *"]
[vars]
GREETING = "hello"
[env.staging]
vars = { GREETING = "try" }
`;
export const SHOP_CODE = `import { text } from "./text";
interface Env { readonly GREETING: string; readonly TOKEN?: string; readonly BULK?: string }
export default {
  fetch: (request: Request, { GREETING, TOKEN, BULK }: Env) => new Response([text(GREETING), TOKEN, BULK].join(" ").trim()),
  scheduled() {},
};`;
/** The module that says what the worker answers. */
export const shopText = (word: string): string =>
  `export const text = (greeting: string): string => greeting + " ${word}";\n`;
