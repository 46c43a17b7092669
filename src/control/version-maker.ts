import type { EnvEntry, LoadConfig } from "../../runtime-api/contract/boot.ts";
import { navigationPrefersAssets } from "../assets/navigation.ts";
import { Site, type SiteParts } from "../assets/site.ts";
import type { StoredAssets } from "../assets/stored-assets.ts";
import { createAssetBinding } from "../bindings/assets/asset-binding.ts";
import type { Binding } from "../bindings/binding.ts";
import type { PlugIns } from "../bindings/plug-in/plug-ins.ts";
import type { ErrorText } from "../cell/cell.ts";
import type { VersionCode } from "../cell/version-code.ts";
import { resolveLimits } from "../limits/resolve.ts";
import { type Isolation, stricter } from "../limits/isolation.ts";
import type { LimitPolicy } from "../limits/limit-policy.ts";
import type { Limits } from "../limits/limits.ts";
import type { SecretVault } from "../secrets/secret-vault.ts";
import type { ControlNote, ControlStore } from "../storage/control-store.ts";
import type { SecretRecord } from "../storage/secret-store.ts";
import type { CodeCache } from "../versions/code-cache.ts";
import { holdsPositions, mapStack, mapText } from "../versions/map-stack.ts";
import { KeptPositions, type ReadPositions, UNREADABLE } from "../versions/kept-positions.ts";
import { codeOf, positionsOf } from "../versions/pack.ts";
import { unpackPositions } from "../versions/pack-positions.ts";
import { NO_POSITIONS, type Positions } from "../versions/positions.ts";
import type { TransformedVersion } from "../versions/transformed-version.ts";
import { VersionGone } from "../versions/version-gone.ts";
import type { Version } from "../versions/version.ts";
import type { RollbackSetting } from "./rollback-options.ts";
import type { StoredEntry } from "./stored-entry.ts";
import type { SlotConfig, VersionConfig } from "./version-config.ts";

/** What a version's tag is called in its note, as uploads of wrangler have it. */
const TAG = "workers/tag";

export interface VersionMakerParts {
  readonly control: ControlStore;
  readonly codeCaches: CodeCache;
  readonly liveClock: boolean;
  readonly wasmCompile: boolean;
  readonly policy: (account: string) => LimitPolicy;
  readonly vault: SecretVault;
  /** Answers slot 0. */
  readonly runtime: Binding;
  /** What all static assets are served with. */
  readonly sites: SiteParts;
  readonly plugIns: PlugIns;
  /** Hears what the host itself did for an account, in ms. */
  readonly spent: (account: string, tookMs: number) => void;
  /** Makes the binding behind a slot. */
  readonly bind: (account: string, slot: Exclude<SlotConfig, { type: "assets" }>) => Binding;
}

/** Who a version is, and what is kept of it beside its code. */
export interface VersionIdentity {
  readonly account: string;
  readonly worker: string;
  readonly id: string;
  readonly config: VersionConfig;
  readonly secrets: readonly SecretRecord[];
  readonly createdAtMs: number;
  readonly note: ControlNote;
}

/** Makes versions that the request path can use, from an upload or from the store. */
export class VersionMaker {
  readonly #parts: MadeParts;

  constructor(parts: VersionMakerParts) {
    this.#parts = { ...parts, positions: new KeptPositions(undefined, { spent: parts.spent }) };
  }

  /** A version that is not in the store yet; it holds its code, if it has any, until `published`. */
  fresh(identity: VersionIdentity, transformed: TransformedVersion | null): Version {
    return new MadeVersion(identity, this.#parts, transformed);
  }

  /** A version of the store. Limits that the operator lowered since then are met, not refused. */
  restore(identity: VersionIdentity): Version {
    return new MadeVersion(identity, this.#parts, null);
  }

  /** What a version's upload said of giving its traffic back. */
  rollbackOf(version: Version): RollbackSetting | undefined {
    return version instanceof MadeVersion ? version.autoRollback : undefined;
  }

  /** The store has the version's code now: it need not stay in memory. */
  published(version: Version): void {
    if (version instanceof MadeVersion) version.forgetCode();
  }
}

type MadeParts = VersionMakerParts & { readonly positions: KeptPositions };

class MadeVersion implements Version {
  readonly account: string;
  readonly worker: string;
  readonly id: string;
  readonly limits: Limits;
  readonly hasCode: boolean;
  readonly assets: Site | null;
  readonly isolation: Isolation;
  readonly bindings: readonly Binding[];
  readonly #parts: MadeParts;
  readonly #loadConfig: Omit<LoadConfig, "env">;
  readonly #config: VersionConfig;
  /** What `env` shows of the version itself. */
  readonly #metadata: { readonly id: string; readonly tag: string; readonly timestamp: string };
  readonly #secrets: readonly SecretRecord[];
  #transformed: TransformedVersion | null;

  constructor(
    { account, worker, id, config, secrets, createdAtMs, note }: VersionIdentity,
    parts: MadeParts,
    code: TransformedVersion | null,
  ) {
    this.account = account;
    this.worker = worker;
    this.id = id;
    this.hasCode = config.main !== "";
    this.assets = config.assets === undefined ? null : siteOf(parts.sites, account, config, config.assets);
    const { layers, ceilings, isolation } = parts.policy(account);
    // The operator may have become stricter since the upload.
    this.isolation = stricter(isolation, config.isolation ?? isolation);
    this.limits = resolveLimits([...layers, within(config.limits, ceilings)], ceilings);
    const { requestBodyBytes: bodyBytes, memoryMb } = this.limits;
    this.#config = config;
    this.#metadata = { id, tag: note[TAG] ?? "", timestamp: new Date(createdAtMs).toISOString() };
    this.#loadConfig = {
      main: config.main,
      liveClock: parts.liveClock,
      bodyBytes,
      memoryMb,
      wasmCompile: parts.wasmCompile,
    };
    this.#secrets = secrets;
    this.bindings = [
      parts.runtime,
      ...config.slots.map((slot) =>
        slot.type === "assets"
          ? createAssetBinding(account, worker, this.assets!)
          : parts.bind(account, slot),
      ),
    ];
    this.#parts = parts;
    this.#transformed = code;
  }

  get autoRollback(): RollbackSetting | undefined {
    return this.#config.autoRollback;
  }

  /** Made when an isolate starts, and not kept: the host holds no secret in clear. @throws SecretsError */
  get configJson(): string {
    const secrets = this.#secrets.map((secret): EnvEntry => {
      return { name: secret.name, type: "text", value: this.#parts.vault.open(this, secret) };
    });
    const env = [...this.#config.env.map((entry) => this.#entry(entry)), ...secrets];
    return JSON.stringify({ ...this.#loadConfig, env } satisfies LoadConfig);
  }

  #entry(entry: StoredEntry): EnvEntry {
    const { name, type } = entry;
    if (type === "version") return { name, type: "json", value: this.#metadata };
    if (type !== "plugIn") return entry;
    const { account, worker, id: versionId } = this;
    const { kind, config } = this.#config.slots[entry.slot - 1] as SlotConfig & { type: "plugIn" };
    const caller = { account, worker, versionId, binding: name, type: kind, config };
    return { ...entry, ...this.#parts.plugIns.face(caller) };
  }

  async code(): Promise<VersionCode> {
    const { script, values } = this.#code();
    return { script, values, codeCache: await this.#parts.codeCaches.load(this, script) };
  }

  async keepCodeCache(bytes: Uint8Array): Promise<void> {
    await this.#parts.codeCaches.save(this, this.#code().script, bytes);
  }

  async mapError(error: ErrorText): Promise<ErrorText> {
    return mapStack(error, this.#positions());
  }

  mapText(text: string): string {
    return holdsPositions(text) ? mapText(text, this.#positions()) : text;
  }

  forgetCode(): void {
    this.#transformed = null;
  }

  #positions(): Positions {
    try {
      return this.#parts.positions.of(this.account, this.id, () => this.#readPositions());
    } catch {
      // A version that was deleted meanwhile has none any more; its last words are still worth having.
      return NO_POSITIONS;
    }
  }

  #readPositions(): ReadPositions {
    const fresh = this.#transformed?.positions;
    const bytes = fresh ?? this.#packed();
    const readBytes = bytes.length;
    try {
      return { ...(fresh === undefined ? positionsOf(bytes) : unpackPositions(bytes)), readBytes };
    } catch {
      // What cannot be read is not worth a second look.
      return { ...UNREADABLE, readBytes };
    }
  }

  #code(): TransformedVersion["code"] {
    return this.#transformed?.code ?? codeOf(this.#packed());
  }

  #packed(): Uint8Array {
    const packed = this.#parts.control.loadCode(this.id);
    // A version that was deleted while its last requests run has no positions any more.
    if (packed === null) throw new VersionGone(this.id);
    return packed;
  }
}

function siteOf(parts: SiteParts, account: string, config: VersionConfig, stored: StoredAssets): Site {
  return new Site(parts, account, stored, navigationPrefersAssets(config));
}

function within(limits: Partial<Limits>, ceilings: Partial<Limits>): Partial<Limits> {
  return Object.fromEntries(
    Object.entries(limits).map(([key, value]) => [
      key,
      Math.min(value, ceilings[key as keyof Limits] ?? value),
    ]),
  );
}
