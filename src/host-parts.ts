import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import type { Admission } from "./admission/admission.ts";
import { ContentReader } from "./assets/content-reader.ts";
import { LoadedSites } from "./assets/loaded-sites.ts";
import { AssetLibrary } from "./assets/asset-library.ts";
import { assetBounds } from "./assets/asset-options.ts";
import type { Binding } from "./bindings/binding.ts";
import { lateBinding } from "./bindings/late-binding.ts";
import { Quarantine } from "./admission/quarantine.ts";
import { CryptoService } from "./bindings/crypto/crypto-service.ts";
import { createKvBinding } from "./bindings/kv/kv-binding.ts";
import { KvRooms } from "./bindings/kv/kv-rooms.ts";
import { PlugIns } from "./bindings/plug-in/plug-ins.ts";
import { createRateLimitBinding } from "./bindings/rate-limit/rate-limit-binding.ts";
import { RateLimiter } from "./bindings/rate-limit/rate-limiter.ts";
import { createServiceBinding } from "./bindings/service/service-binding.ts";
import { createRuntimeBinding } from "./bindings/runtime/runtime-binding.ts";
import { cacheBounds, type CacheOptions } from "./cache/cache-options.ts";
import { ResponseCache } from "./cache/response-cache.ts";
import { defaultCellMemoryMb } from "./cell/cell-memory.ts";
import { cellSource } from "./cell/create-cell.ts";
import type { Sandbox } from "./cell/sandbox/sandbox.ts";
import { Paces } from "./clock/paces.ts";
import { systemClock } from "./clock/clock.ts";
import { askService } from "./control/ask-service.ts";
import { Catalog } from "./control/catalog.ts";
import { Deployer } from "./control/deployer.ts";
import { HostControl } from "./control/host-control.ts";
import { RollbackWatch } from "./control/rollback-watch.ts";
import { Previews } from "./control/previews.ts";
import { tellTails } from "./control/tell-tails.ts";
import { VersionMaker } from "./control/version-maker.ts";
import { Deadlines } from "./dispatch/deadlines.ts";
import { BodyPace } from "./dispatch/body-pace.ts";
import { Dispatcher } from "./dispatch/dispatcher.ts";
import { logTopLevel, UNCACHEABLE } from "./dispatch/top-level-log.ts";
import type { TailConsumers } from "./events/tail/tail-consumers.ts";
import { createEgress, type Egress } from "./egress/egress.ts";
import type { EgressRules } from "./egress/egress-rules.ts";
import type { HostOptions } from "./host-options.ts";
import { heldBy, keepReserve, logLinesPerS, makeAdmission } from "./host-admission.ts";
import { DEFAULT_PROCESS_CELLS } from "./host-sandbox.ts";
import { LIMIT_RANGES } from "./limits/defaults.ts";
import type { LimitPolicy } from "./limits/limit-policy.ts";
import { resolveLimits } from "./limits/resolve.ts";
import { Meter } from "./meter/meter.ts";
import { TailFeed } from "./meter/tail-feed.ts";
import { KeyRing } from "./secrets/key-ring.ts";
import { SecretVault } from "./secrets/secret-vault.ts";
import type { CacheSpent } from "./storage/cache-thread.ts";
import { openDataFolder } from "./storage/data-folder.ts";
import { openMemoryStores } from "./storage/memory-stores.ts";
import { storageBounds } from "./storage/storage-options.ts";
import type { Stores } from "./storage/stores.ts";
import { createCodeCache } from "./versions/code-cache.ts";
import { createTransformer, type Transformer } from "./versions/transformer/transformer.ts";
import { DEFAULT_WARM_OPTIONS } from "./warm/options.ts";
import { ownOptions } from "./own-options.ts";
import { AccountNumbers } from "./warm/account-numbers.ts";
import type { Sharing } from "./warm/loader.ts";
import { WarmPool } from "./warm/warm-pool.ts";

/** Cells made on demand that there may be at once. */
const DEFAULT_MAX_CELLS = 16;

/** Everything that a host is made of. */
export interface HostParts {
  readonly options: HostOptions;
  readonly stores: Stores;
  readonly meter: Meter;
  readonly pool: WarmPool;
  readonly admission: Admission;
  readonly dispatcher: Dispatcher;
  readonly transformer: Transformer;
  readonly catalog: Catalog;
  readonly quarantine: Quarantine;
  readonly deployer: Deployer;
  readonly tails: TailConsumers;
  readonly control: HostControl;
  readonly library: AssetLibrary;
  /** Hears of faults of Skerry itself. */
  readonly internal: (error: unknown) => void;
  readonly egress: Egress;
  readonly crypto: CryptoService;
  /** The largest body that any worker may ask for; each version's own limit is held by the dispatcher. */
  readonly requestBodyBytes: number;
}

/** Wires the parts together. Nothing runs yet but the cells, which begin to boot. */
export function makeParts(options: HostOptions, environmentKey: string | null, sandbox?: Sandbox): HostParts {
  const policy = limitPolicy(options);
  const policies = ["", ...Object.keys(options.accounts ?? {})].map(policy);
  for (const { layers, ceilings } of policies) resolveLimits(layers, ceilings);
  const internal =
    options.onInternalError ?? ((error: unknown) => console.error("skerry: internal error:", error));
  const clock = systemClock;
  const paces = new Paces<string>();
  const heldMs = heldBy(options.admission, paces);
  const admission = makeAdmission(options);
  const spent = (account: string, cpuUs: number): void => {
    paces.charge(account, cpuUs, clock.monotonicMs());
    admission.spentInHost(admission.loadOf(account), cpuUs);
  };
  // First of all that opens something, as it checks address ranges: nothing would have to be closed.
  const egress = createEgress({ ...options.egress, accounts: egressOfAccounts(options) }, spent, heldMs);
  const keys = new KeyRing({ environment: environmentKey, file: keyFile(options) });
  const crypto = new CryptoService();
  const stores = openStores(options, spent);
  const feed = new TailFeed();
  const meter = new Meter(
    {
      onEvent(record, source) {
        feed.event(record, source);
        rollback.event(record);
        options.onEvent?.(record);
      },
      onLog(record) {
        feed.log(record);
        options.onLog?.(record);
      },
    },
    logLinesPerS(options),
    (account, worker) => catalog.get(account, worker) !== undefined,
  );
  const quarantine = makeQuarantine(options, stores, internal);
  const numbers = new AccountNumbers((account) => ownOptions(options, account).weight ?? 1);
  const pool = makePool(options, meter, admission, sandbox, quarantine, internal, {
    accounts: numbers,
    paces,
  });
  keepReserve(options.admission, admission, pool.fleet, numbers, paces);
  const onSpent = (account: string, tookMs: number): void => spent(account, tookMs * 1_000);
  const transformer = createTransformer({ onSpent });
  const previews = new Previews({
    find: (account, worker, label) => stores.control.findPreview(account, worker, label),
    restore: (account, worker, id) => deployer.stored(account, worker, id),
  });
  const rollback = new RollbackWatch({
    clock,
    store: stores.control,
    settings: (version) => [
      options.autoRollback,
      ownOptions(options, version.account).autoRollback,
      maker.rollbackOf(version),
    ],
    revert: async (...what) => await deployer.revert(...what),
    report: (report) => {
      try {
        options.onRollback?.(report);
      } catch (error) {
        internal(error);
      }
    },
  });
  const catalog = new Catalog((account, worker, label) => previews.find(account, worker, label));
  const release = pool.release.bind(pool);
  const hold = pool.hold.bind(pool);
  const dispatcher = new Dispatcher(pool, {
    meter,
    clock,
    deadlines: new Deadlines(clock),
    admission,
    ...(heldMs !== undefined && { bodies: new BodyPace(spent, heldMs) }),
    release,
    hold,
    pauseMs: (account, worker) => quarantine.pauseMs(account, worker),
    internal,
  });
  const ask = askService(catalog, dispatcher);
  const limiter = new RateLimiter(clock);
  const rooms = new KvRooms(heldMs && { heldMs });
  const plugIns = new PlugIns(options.bindings ?? {}, internal);
  const vault = new SecretVault(keys, stores.control.secrets);
  const codeCaches = createCodeCache(options.dataFolder === undefined ? {} : { folder: options.dataFolder });
  const maker = new VersionMaker({
    control: stores.control,
    codeCaches,
    liveClock: options.liveClock ?? false,
    wasmCompile: options.wasmCompile ?? false,
    policy,
    vault,
    plugIns,
    spent: onSpent,
    runtime: createRuntimeBinding(egress, makeCache(options, stores), crypto),
    sites: {
      sites: new LoadedSites(stores.assets),
      contents: new ContentReader(stores.assets, internal),
      spent: onSpent,
    },
    bind: (account, slot) => {
      switch (slot.type) {
        case "service":
          return createServiceBinding({ account, ...slot }, ask);
        case "kv":
          return lateBinding(() => bindNamespace(stores, rooms, account, slot.namespaceId));
        case "rateLimit":
          return createRateLimitBinding({ account, ...slot }, limiter);
        case "plugIn":
          return plugIns.bind({ account, ...slot, type: slot.kind });
      }
    },
  });
  const library = makeLibrary(options, stores);
  const tails = tellTails(stores, feed, catalog, dispatcher, meter, clock);
  const deployer: Deployer = new Deployer({
    control: stores.control,
    transformer,
    maker,
    pool,
    catalog,
    previews,
    rollback,
    clock,
    policy,
    vault,
    library,
    tails,
    meter,
    plugIns,
    ledger: stores.ledger,
  });
  const requestBodyBytes = Math.max(...policies.map(({ ceilings }) => ceilings.requestBodyBytes ?? 0));
  return {
    options,
    stores,
    meter,
    pool,
    admission,
    dispatcher,
    transformer,
    catalog,
    quarantine,
    deployer,
    control: new HostControl(stores, deployer, vault, clock, feed, library),
    library,
    tails,
    internal,
    egress,
    crypto,
    requestBodyBytes,
  };
}

function limitPolicy(options: HostOptions): (account: string) => LimitPolicy {
  const { limits = {}, maxLimits = {} } = options;
  return (account) => {
    const own = ownOptions(options, account);
    const ceilings = { ...maxLimits, ...own.maxLimits };
    const isolation = own.isolation ?? options.isolation ?? "shared";
    return {
      layers: [limits, own.limits ?? {}],
      ceilings: { ...rangeEnds(), ...ceilings },
      isolation,
      ...(own.hosts && { hosts: own.hosts }),
    };
  };
}

function keyFile({ secretsKeyFile, dataFolder }: HostOptions): string | null {
  if (secretsKeyFile !== undefined) return resolve(secretsKeyFile);
  return dataFolder === undefined ? null : join(resolve(dataFolder), "secrets.key");
}

function egressOfAccounts({ accounts = {} }: HostOptions): Record<string, EgressRules> {
  return Object.fromEntries(Object.entries(accounts).map(([account, { egress = {} }]) => [account, egress]));
}

function makeCache(options: HostOptions, { cache: store }: Stores): ResponseCache {
  const { cache, dataFolder } = options;
  const bounds = (account: string): Required<CacheOptions> =>
    cacheBounds(dataFolder !== undefined, cache, ownOptions(options, account).cache);
  return new ResponseCache({ store, now: () => systemClock.now(), bounds });
}

function openStores(options: HostOptions, cacheSpent: CacheSpent): Stores {
  const { dataFolder, storage } = options;
  const inFolder = dataFolder !== undefined;
  const storageLimitOf = (account: string): number =>
    storageBounds(inFolder, storage, ownOptions(options, account).storage).accountBytes;
  if (!inFolder) return openMemoryStores({ cacheSpent, storageLimitOf });
  const { minFreeBytes } = storageBounds(inFolder, storage);
  return openDataFolder(dataFolder, { cacheSpent, storageLimitOf, minFreeBytes });
}

function makeLibrary(options: HostOptions, { assets: store, control, ledger, disk }: Stores): AssetLibrary {
  const { assets, dataFolder } = options;
  return new AssetLibrary({
    store,
    ledger,
    disk,
    now: () => systemClock.now(),
    named: (account) => control.assets.ofAccount(account),
    bounds: (account) => assetBounds(dataFolder !== undefined, assets, ownOptions(options, account).assets),
  });
}

function bindNamespace({ control, kv }: Stores, rooms: KvRooms, account: string, id: string): Binding {
  const ns = control.ensureNamespace({ account, id, nowMs: systemClock.now() });
  kv.assign(ns, account);
  return createKvBinding({ store: kv, ns, rooms });
}

function rangeEnds(): Record<string, number> {
  return Object.fromEntries(Object.entries(LIMIT_RANGES).map(([key, [, max]]) => [key, max]));
}

function makeQuarantine(
  options: HostOptions,
  { control: store }: Stores,
  onFault: (error: unknown) => void,
): Quarantine {
  return new Quarantine({
    store,
    now: () => systemClock.now(),
    options: options.quarantine,
    onQuarantine: options.onQuarantine,
    onFault,
  });
}

function makePool(
  options: HostOptions,
  meter: Meter,
  admission: Admission,
  sandbox: Sandbox | undefined,
  quarantine: Quarantine,
  internal: (error: unknown) => void,
  sharing: Sharing,
): WarmPool {
  const kind = options.cell ?? "in-process";
  const cores = availableParallelism();
  const count = options.cells ?? (kind === "process" ? DEFAULT_PROCESS_CELLS : 1);
  const cellMemoryMb = options.cellMemoryMb ?? defaultCellMemoryMb(count);
  const pool: WarmPool = new WarmPool(
    {
      ...DEFAULT_WARM_OPTIONS,
      // The rest is for what V8 does not count, and for isolates that grow at once.
      maxBytes: Math.min(DEFAULT_WARM_OPTIONS.maxBytes, (count * cellMemoryMb * 1024 ** 2) / 2),
      maxPerVersion: cores,
      cores,
      ...options.warm,
    },
    systemClock,
    {
      kind,
      count,
      ...cellSource(
        {
          spares: options.spares ?? 2,
          cellMemoryMb,
          ...(sandbox && { sandbox: sandbox.launch, preparedImage: sandbox.preparedImage }),
        },
        options.standbyCells ?? 1,
      ),
      maxOwn: options.maxCells ?? DEFAULT_MAX_CELLS,
      aloneAs: ({ account, worker }) => quarantine.aloneAs(account, worker),
      sharing,
    },
    {
      topLevel: (version, messages) => logTopLevel({ meter, clock: systemClock }, version, messages),
      uncacheable: (version) => logTopLevel({ meter, clock: systemClock }, version, [UNCACHEABLE]),
      started: ({ account, worker, id: versionId }, phases, codeCache) =>
        options.onStart?.({ account, worker, versionId, ...phases, codeCache }),
      spent: ({ account }, cpuMs, isInHost) => {
        const load = admission.loadOf(account);
        if (isInHost) admission.spentInHost(load, cpuMs * 1_000);
        else void admission.spent(load, cpuMs * 1_000);
      },
      blamed: (report) => {
        const { account, worker } = report;
        try {
          options.onBlame?.(report);
        } catch (error) {
          internal(error);
        }
        quarantine.blame(report);
        if (quarantine.pauseMs(account, worker) > 0) pool.retireWorker(account, worker);
      },
      catastrophic: ({ message }, version, cell) =>
        options.onCatastrophe?.({
          account: version?.account ?? null,
          worker: version?.worker ?? null,
          versionId: version?.id ?? null,
          cell,
          message,
        }),
    },
  );
  return pool;
}
