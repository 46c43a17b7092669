import type { EventSource } from "./event-source.ts";
import { isSecretHeader, REDACTED, redactUrl } from "./redact.ts";

/** What began an event, as those who watch its worker see it: without secrets. */
export type TailSource =
  | {
      readonly kind: "fetch";
      readonly url: string;
      /** Names in lower case; values of those that speak of secrets are `REDACTED`. */
      readonly headers: Readonly<Record<string, string>>;
      readonly cf: Readonly<Record<string, unknown>>;
      readonly entrypoint: string | null;
    }
  | { readonly kind: "scheduled"; readonly cron: string; readonly scheduledTimeMs: number }
  | { readonly kind: "tail"; readonly workers: readonly string[] };

/** @param url of the request, as it came */
export function tailSource(source: EventSource, url: string): TailSource {
  if (source.kind !== "fetch") return source;
  const { headers, cfJson, entrypoint } = source;
  return {
    kind: "fetch",
    url: redactUrl(url),
    headers: shownHeaders(headers),
    cf: objectOf(cfJson),
    entrypoint,
  };
}

function shownHeaders(flat: string): Record<string, string> {
  const shown = new Map<string, string>();
  const lines = flat === "" ? [] : flat.split("\n");
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const name = lines[i]!.toLowerCase();
    const before = shown.get(name);
    if (isSecretHeader(name)) shown.set(name, REDACTED);
    else shown.set(name, before === undefined ? lines[i + 1]! : `${before}, ${lines[i + 1]!}`);
  }
  return Object.fromEntries(shown);
}

function objectOf(json: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(json)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
