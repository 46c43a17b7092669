/** What Cloudflare calls annotations, as far as they are texts. */
export type Annotations = Readonly<Record<string, string>>;

const MOST = 20;
const MOST_CHARS = 1_000;

/** The annotations of an upload or deployment that are kept: short texts, and few of them. */
export function readAnnotations(value: unknown): Annotations {
  const entries = Object.entries(Object(value ?? {}) as Record<string, unknown>).slice(0, MOST);
  return Object.fromEntries(
    entries.filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === "string" && entry[0].length <= 100 && entry[1].length <= MOST_CHARS,
    ),
  );
}
