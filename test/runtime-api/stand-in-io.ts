import { createHash } from "node:crypto";
import { Ask, type AskCell, URL_PARTS } from "../../runtime-api/contract/sync.ts";
import "../../runtime-api/form-data/forms.ts";
import "../../runtime-api/streams/stream-classes.ts";
import { type Io, setIo } from "../../runtime-api/io/io.ts";

const NodeURL = globalThis.URL;
const NodeTextDecoder = globalThis.TextDecoder;
const NodeTextEncoder = globalThis.TextEncoder;

function parts(url: URL): string {
  return URL_PARTS.map((part) => url[part]).join("\n");
}

/** The cell's answers, given by Node's own classes. */
export const askNode: AskCell = (op, ...args) => {
  switch (op) {
    case Ask.urlParse: {
      const url = NodeURL.parse(args[0] as string, (args[1] as string | null) ?? undefined);
      return url === null ? null : parts(url);
    }
    case Ask.urlSet: {
      const url = new NodeURL(args[0] as string);
      (url as unknown as Record<string, unknown>)[args[1] as string] = args[2];
      return parts(url);
    }
    case Ask.random:
      return crypto.getRandomValues(new Uint8Array(args[0] as number));
    case Ask.utf8Encode:
      return new NodeTextEncoder().encode(args[0] as string);
    case Ask.utf8Decode:
      try {
        return new NodeTextDecoder("utf-8", {
          fatal: args[1] as boolean,
          ignoreBOM: args[2] as boolean,
        }).decode(args[0] as Uint8Array);
      } catch {
        return null;
      }
    default:
      return null;
  }
};

/** What a stand-in turn loop saw. */
export interface Seen {
  readonly io: Io;
  readonly logs: [level: string, text: string][];
  readonly exceptions: unknown[];
  readonly timers: Map<number, { callback: () => void; delayMs: number }>;
  asked: number;
  clockMs: number;
  inEvent: boolean;
}

/** Installs a turn loop that only remembers, in the place of the real one. */
export function standInIo(): Seen {
  let timer = 0;
  const seen: Seen = {
    logs: [],
    exceptions: [],
    timers: new Map(),
    asked: 0,
    clockMs: 1_700_000_000_000,
    inEvent: true,
    io: {
      ask: (op, ...args) => {
        seen.asked++;
        return askNode(op, ...args);
      },
      now: () => seen.clockMs,
      call(_slot, op, args) {
        if (op !== "digest") throw new Error(`no stand-in for ${op}`);
        const name = (args[0] as string).replace("SHA-", "sha").toLowerCase();
        const digest = createHash(name)
          .update(args[1] as Uint8Array)
          .digest();
        return { promise: Promise.resolve([new Uint8Array(digest)]), cancel() {} };
      },
      hostBody() {
        throw new Error("no bodies here");
      },
      hostSocket() {
        throw new Error("no sockets here");
      },
      sendStream() {
        throw new Error("no streams here");
      },
      setTimer(callback, delayMs) {
        seen.timers.set(++timer, { callback, delayMs });
        return timer;
      },
      clearTimer(id) {
        seen.timers.delete(id);
      },
      log(level, text) {
        seen.logs.push([level, text]);
      },
      reportException(error) {
        seen.exceptions.push(error);
      },
      requireEvent() {
        if (!seen.inEvent) throw new Error("Disallowed operation called within global scope.");
      },
    },
  };
  setIo(seen.io);
  return seen;
}
