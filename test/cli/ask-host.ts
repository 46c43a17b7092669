import { type IncomingHttpHeaders, request } from "node:http";
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
    body,
  }: {
    readonly path?: string;
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | undefined;
  } = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  const options = { host: "127.0.0.1", port, path, method, agent: false };
  return await new Promise((done, fail) => {
    request({ ...options, headers: { ...headers, host } }, (answer) => {
      const status = answer.statusCode ?? 0;
      void text(answer).then((all) => done({ status, headers: answer.headers, text: all }), fail);
    })
      .on("error", fail)
      .end(body);
  });
}
