import type { ServiceBindingOptions } from "../../src/index.ts";
import type { ConfigProblem } from "../../src/config/document/config-error.ts";

/** The part of a wrangler config that Skerry reads. */
export interface WranglerConfig {
  readonly name: string | undefined;
  /** Path of the entry file, relative to the config's folder. */
  readonly main: string;
  readonly compatibilityDate: string | undefined;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly kvNamespaces: readonly { readonly binding: string; readonly id: string }[];
  readonly routes: readonly string[];
  readonly limits: { readonly cpuMs?: number; readonly subrequests?: number };
  /** Undefined where the config says nothing of them, so that they stay as they are. */
  readonly crons: readonly string[] | undefined;
  readonly services: readonly ServiceBindingOptions[];
  /** Keys that are ignored: nothing is wrong with them, but they have no effect. */
  readonly ignored: readonly ConfigProblem[];
}
