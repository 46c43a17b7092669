/**
 * Skerry: many tenants' workers in one Node process, an isolate each.
 * @module
 */
export type { AccountStats } from "./admission/admission.ts";
export type { AdmissionOptions } from "./admission/options.ts";
export { assetRuleProblems } from "./assets/rule-problems.ts";
export type { AssetOptions } from "./assets/asset-options.ts";
export type {
  AssetConfig,
  AssetFile,
  AssetFiles,
  AssetInfo,
  HtmlHandling,
  NotFoundHandling,
  WorkerAssets,
} from "./assets/worker-assets.ts";
export type { AccountCacheOptions, CacheOptions } from "./cache/cache-options.ts";
export type { AssetControl } from "./control/asset-control.ts";
export type {
  Control,
  DeploymentInfo,
  Note,
  VersionInfo,
  VersionPercent,
  WorkerChange,
  WorkerInfo,
} from "./control/control.ts";
export type {
  KvControl,
  KvKeyInfo,
  KvKeyPage,
  KvNamespaceInfo,
  KvWriteOptions,
} from "./control/kv-control.ts";
export type { AuditFilter } from "./control/audit-filter.ts";
export type { SecretControl } from "./control/secret-control.ts";
export { allows, PERMISSIONS } from "./control/token-control.ts";
export type {
  AuditEntry,
  AuditPage,
  Permission,
  TokenControl,
  TokenInfo,
  TokenRequest,
} from "./control/token-control.ts";
export { BindingError } from "./bindings/plug-in/plug-in.ts";
export type {
  AnswerCall,
  BindingCall,
  BindingCaller,
  BindingPlugIn,
  BindingPlugIns,
} from "./bindings/plug-in/plug-in.ts";
export type { PlugInBindingOptions } from "./bindings/plug-in/plug-in-options.ts";
export type { RateLimitOptions } from "./bindings/rate-limit/rate-limit-options.ts";
export type { EgressRules } from "./egress/egress-rules.ts";
export type { SandboxLayer, SandboxMode, SandboxReport } from "./cell/sandbox/sandbox-report.ts";
export { cronProblems } from "./events/cron/check-crons.ts";
export { createHost } from "./host.ts";
export type { QuarantineEntry } from "./admission/quarantine.ts";
export type { QuarantineOptions } from "./admission/quarantine-options.ts";
export type { HostStorage } from "./storage/host-storage.ts";
export type { StorageUse } from "./storage/storage-ledger.ts";
export type { AccountStorageOptions, StorageOptions } from "./storage/storage-options.ts";
export type { Host, HostStats, Listener, QuarantineControl, Worker, WorkerStats } from "./host.ts";
export type {
  AccountOptions,
  CatastropheReport,
  EgressAccess,
  HostOptions,
  ListenOptions,
  ServiceBindingOptions,
  StartRecord,
  UploadModule,
  WorkerUpload,
} from "./host-options.ts";
export type { RollbackOptions, RollbackSetting } from "./control/rollback-options.ts";
export type { RollbackReport } from "./control/rollback-watch.ts";
export { SkerryError } from "./errors/skerry-error.ts";
export type { Isolation } from "./limits/isolation.ts";
export type { Limits } from "./limits/limits.ts";
export type { EventRecord, LogRecord } from "./meter/event-record.ts";
export type { TailItem, TailListener } from "./meter/tail-feed.ts";
export { outcomeName, type TraceItem, traceItem } from "./meter/trace-item.ts";
export type { WorkerUsage } from "./meter/meter.ts";
export type { Outcome } from "./outcome/outcome.ts";
export {
  compatibilityDateProblem,
  compatibilityFlagProblems,
} from "./versions/compatibility/check-compatibility.ts";
export type { BlamedEvent, BlameReport } from "./warm/blame.ts";
export type { CellInfo, CellUse } from "./warm/place.ts";
export type { WarmOptions, WarmStats } from "./warm/options.ts";
