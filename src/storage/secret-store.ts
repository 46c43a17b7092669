import type { Bytes } from "./kv-store.ts";

/** A secret of a version as it is kept: encrypted. */
export interface SecretRecord {
  readonly name: string;
  /** Names the key that it was encrypted with. */
  readonly keyId: string;
  readonly sealed: Bytes;
}

/** The same with whose it is. */
export interface OwnedSecret extends SecretRecord {
  readonly versionId: string;
  readonly account: string;
  readonly worker: string;
}

/** Secrets of versions. They are stored with their version, and go with it. */
export interface SecretStore {
  /** By name. */
  ofVersion(versionId: string): SecretRecord[];
  /** Of the newest version of a worker, by name. */
  ofNewest(account: string, worker: string): SecretRecord[];
  /** The keys that are needed to open them all. */
  keyIds(): string[];
  all(): OwnedSecret[];
  /** Puts other encryptions in place of some, all or none. */
  replace(secrets: readonly OwnedSecret[]): void;
}
