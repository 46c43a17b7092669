import { request } from "node:http";
import { text } from "node:stream/consumers";

/**
 * Asks a worker by its host name, on a connection of its own. `fetch` cannot: names below localhost need not resolve, and
 * the header is what routes.
 */
export async function askHost(
  port: number,
  host: string,
  {
    path = "/",
    method = "GET",
    headers = {},
  }: {
    readonly path?: string;
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<{ status: number; text: string }> {
  const options = { host: "127.0.0.1", port, path, method, agent: false };
  return await new Promise((done, fail) => {
    request({ ...options, headers: { ...headers, host } }, (answer) => {
      void text(answer).then((body) => done({ status: answer.statusCode ?? 0, text: body }), fail);
    })
      .on("error", fail)
      .end();
  });
}
