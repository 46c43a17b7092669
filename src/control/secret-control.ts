import type { SecretOwner, SecretVault } from "../secrets/secret-vault.ts";
import { noSuchWorker } from "../storage/control-conflict.ts";
import type { SecretRecord } from "../storage/secret-store.ts";
import type { ControlNote } from "../storage/control-store.ts";
import { DEFAULT_ACCOUNT, type Deployer } from "./deployer.ts";
import { checkSecretChanges } from "./check-secrets.ts";
import { InvalidUpload } from "./invalid-upload.ts";

/** Secrets of workers: values on `env` that are encrypted where they are kept, and never shown again. */
export interface SecretControl {
  /**
   * Gives a worker a secret, or a new value for one. A new version of the same code has it, and takes the
   * traffic as soon as it has started.
   * @throws SkerryError `NO_SUCH_WORKER`, `INVALID_UPLOAD` (name, size, number, a binding of the same name),
   * `TRAFFIC_SHARED`, `SCRIPT_REFUSED`, `SECRETS_KEY_MISSING`. Nothing has changed then.
   */
  put(
    worker: string,
    name: string,
    value: string,
    account?: string,
    note?: ControlNote,
  ): Promise<{ readonly versionId: string }>;
  /**
   * Several at once, in one new version: a text puts a secret, null takes it away.
   * @throws SkerryError as `put` does. Nothing has changed then.
   */
  change(
    worker: string,
    changes: Readonly<Record<string, string | null>>,
    account?: string,
    note?: ControlNote,
  ): Promise<{ readonly versionId: string }>;
  /**
   * Several at once, in a new version of the newest one's code, which takes no traffic until it is deployed.
   * @throws SkerryError as `put` does, but for `TRAFFIC_SHARED`. Nothing has changed then.
   */
  changeAside(
    worker: string,
    changes: Readonly<Record<string, string | null>>,
    account?: string,
    note?: ControlNote,
  ): Promise<{ readonly versionId: string }>;
  /**
   * Names of secrets that one of two versions has not, or has with another value, sorted.
   * @throws SkerryError `NO_SUCH_VERSION`, `SECRETS_KEY_MISSING`, `SECRETS_DAMAGED`.
   */
  differences(worker: string, versionId: string, otherId: string, account?: string): string[];
  /** Takes a secret away, in the same way. @returns Whether it was there. */
  delete(worker: string, name: string, account?: string, note?: ControlNote): Promise<boolean>;
  /** Names of a worker's secrets, sorted. @throws SkerryError `NO_SUCH_WORKER`. */
  list(worker: string, account?: string): string[];
  /**
   * Encrypts all secrets of all accounts anew, with a new key at the head of the key file, or with the first key of the
   * environment. Workers go on meanwhile.
   * @throws SkerryError `SECRETS_KEY_MISSING`, `SECRETS_DAMAGED`. Nothing has changed then.
   */
  rotate(): { readonly keyId: string; readonly count: number };
}

export function createSecretControl(vault: SecretVault, deployer: Deployer): SecretControl {
  const changed = async (
    account: string,
    worker: string,
    changes: Readonly<Record<string, string | null>>,
    how: { readonly note: ControlNote; readonly aside: boolean },
  ): Promise<{ readonly versionId: string }> => {
    const problems: string[] = [];
    checkSecretChanges(problems, changes);
    if (problems.length > 0) throw new InvalidUpload(problems);
    const puts = Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== null);
    const sealed = puts.map(([name, value]) => vault.seal({ account, worker }, name, value));
    const change = (secrets: readonly SecretRecord[]): readonly SecretRecord[] => [
      ...secrets.filter(({ name }) => !Object.hasOwn(changes, name)),
      ...sealed,
    ];
    const { id } = await deployer.changeSecrets(account, worker, change, how);
    return { versionId: id };
  };
  return {
    async put(worker, name, value, account = DEFAULT_ACCOUNT, note = {}) {
      return await this.change(worker, { [name]: value }, account, note);
    },
    async change(worker, changes, account = DEFAULT_ACCOUNT, note = {}) {
      return await changed(account, worker, changes, { note, aside: false });
    },
    async changeAside(worker, changes, account = DEFAULT_ACCOUNT, note = {}) {
      return await changed(account, worker, changes, { note, aside: true });
    },
    differences(worker, versionId, otherId, account = DEFAULT_ACCOUNT) {
      const owner = { account, worker };
      const before = deployer.secretsOfVersion(account, worker, versionId);
      const after = new Map(
        deployer.secretsOfVersion(account, worker, otherId).map((secret) => [secret.name, secret]),
      );
      const names = before
        .filter((secret) => !isSame(vault, owner, secret, after.get(secret.name)))
        .map(({ name }) => name);
      const known = new Set(before.map(({ name }) => name));
      return [...names, ...[...after.keys()].filter((name) => !known.has(name))].toSorted();
    },
    async delete(worker, name, account = DEFAULT_ACCOUNT, note = {}) {
      if (!this.list(worker, account).includes(name)) return false;
      await this.change(worker, { [name]: null }, account, note);
      return true;
    },
    list(worker, account = DEFAULT_ACCOUNT) {
      const secrets = deployer.secretsOf(account, worker);
      if (secrets === null) throw noSuchWorker(account, worker);
      return secrets.map(({ name }) => name);
    },
    rotate: () => vault.rotate(),
  };
}

/** Most are carried over from version to version as they are. What was encrypted anew has to be opened. */
function isSame(
  vault: SecretVault,
  owner: SecretOwner,
  one: SecretRecord,
  other: SecretRecord | undefined,
): boolean {
  if (other === undefined) return false;
  if (one.keyId === other.keyId && Buffer.compare(one.sealed, other.sealed) === 0) return true;
  return vault.open(owner, one) === vault.open(owner, other);
}
