import type { FlatHeaders } from "../../runtime-api/contract/flat.ts";

/** What began an event, as it came: not for those who watch, who see a `TailSource` of it. */
export type EventSource =
  | {
      readonly kind: "fetch";
      readonly headers: FlatHeaders;
      /** `request.cf` as JSON. */
      readonly cfJson: string;
      /** The named export that answers; null for the default one. */
      readonly entrypoint: string | null;
    }
  | { readonly kind: "scheduled"; readonly cron: string; readonly scheduledTimeMs: number }
  /** Workers whose events it is told of. */
  | { readonly kind: "tail"; readonly workers: readonly string[] };
