import type { Tenant } from "./tenants-server.ts";

/** A tenant behind a channel of messages. */
export interface MessageTenant {
  readonly ask: Tenant;
  /** Takes a message of the tenant's: `[id, body]`. */
  readonly take: (message: unknown) => void;
}

/** Asks a tenant that gets `[id, url]` and says `[id, body]`, in whatever order. */
export function askByMessage(send: (message: [id: number, url: string]) => void): MessageTenant {
  const waiting = new Map<number, (body: string) => void>();
  let last = 0;
  return {
    ask: async (url) =>
      await new Promise((resolve) => {
        waiting.set(++last, resolve);
        send([last, url]);
      }),
    take: (message) => {
      const [id, body] = message as [number, string];
      waiting.get(id)?.(body);
      waiting.delete(id);
    },
  };
}
