import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a server can be told beside the requests that are measured, by path. */
export type ControlActions = Readonly<Record<string, (query: URLSearchParams) => unknown>>;

/** Listens for commands on a port of its own: `/name?key=value` runs an action and answers its result as JSON. */
export async function listenForControl(actions: ControlActions): Promise<number> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://control");
    const name = pathname.slice(1);
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    void (async () => {
      if (action === undefined) throw new Error(`there is no action ${pathname}`);
      return JSON.stringify((await action(searchParams)) ?? null);
    })().then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
