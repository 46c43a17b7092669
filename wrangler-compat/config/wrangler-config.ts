import type { ConfigProblem } from "../../src/config/document/config-error.ts";
import type { PlugInBindingOptions, RateLimitOptions, ServiceBindingOptions } from "../../src/index.ts";
import type { AssetSettings } from "./readers/read-assets.ts";
import type { KvBinding } from "./readers/read-bindings.ts";
import type { CustomBuild } from "./readers/read-build.ts";
import type { Bundling } from "./readers/read-bundling.ts";
import type { DevSettings } from "./readers/read-dev.ts";
import type { ConfigLimits } from "./readers/read-limits.ts";

/** What a wrangler config says of one worker, in one environment. Paths are relative to the config's folder. */
export interface WranglerConfig {
  readonly name: string | undefined;
  /** Path of the entry file; undefined for a worker that has static assets only. */
  readonly main: string | undefined;
  readonly compatibilityDate: string | undefined;
  readonly compatibilityFlags: readonly string[];
  readonly vars: Readonly<Record<string, unknown>>;
  /** Secrets that the worker needs; undefined where the config says nothing of secrets. */
  readonly requiredSecrets: readonly string[] | undefined;
  readonly kvNamespaces: readonly KvBinding[];
  readonly services: readonly ServiceBindingOptions[];
  readonly rateLimits: readonly RateLimitOptions[];
  /** Names on `env` of the version's own id, tag and time. */
  readonly versionMetadata: readonly string[];
  readonly plugIns: readonly PlugInBindingOptions[];
  /** Undefined where the config says nothing of them, so that they stay as they are. */
  readonly tailConsumers: readonly string[] | undefined;
  readonly assets: AssetSettings | undefined;
  readonly routes: readonly string[];
  /** Whether the worker answers at its own name as well; undefined where the config does not say. */
  readonly workersDev: boolean | undefined;
  /** Whether each version answers at a host of its own. */
  readonly previewUrls: boolean;
  readonly limits: ConfigLimits;
  /** Undefined where the config says nothing of them, so that they stay as they are. */
  readonly crons: readonly string[] | undefined;
  readonly build: CustomBuild | undefined;
  readonly bundling: Bundling;
  readonly dev: DevSettings;
  /** What has no effect, is misspelt, or is likely meant otherwise. */
  readonly warnings: readonly ConfigProblem[];
}
