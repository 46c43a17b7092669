import type { SecretRecord, SecretStore } from "../storage/secret-store.ts";
import { type KeyRing, missing } from "./key-ring.ts";
import { seal, unseal } from "./sealed.ts";
import { SecretsError } from "./secrets-error.ts";

/** Whose a secret is. */
export interface SecretOwner {
  readonly account: string;
  readonly worker: string;
}

/** Encrypts secrets for the store, and decrypts them for the isolates of their worker. */
export class SecretVault {
  readonly #keys: KeyRing;
  readonly #store: SecretStore;

  constructor(keys: KeyRing, store: SecretStore) {
    this.#keys = keys;
    this.#store = store;
  }

  /** @throws SecretsError `SECRETS_KEY_MISSING` */
  seal(owner: SecretOwner, name: string, value: string): SecretRecord {
    const key = this.#keys.current(this.#store.keyIds());
    return { name, keyId: key.id, sealed: seal(key.bytes, aboutOf(owner, name), value) };
  }

  /** The value of a secret. @throws SecretsError `SECRETS_KEY_MISSING`, `SECRETS_DAMAGED` */
  open(owner: SecretOwner, { name, keyId, sealed }: SecretRecord): string {
    const key = this.#keys.find(keyId);
    if (key === undefined) throw missing(keyId);
    try {
      return unseal(key.bytes, aboutOf(owner, name), sealed);
    } catch {
      throw new SecretsError(
        "SECRETS_DAMAGED",
        `the secret "${name}" of worker "${owner.worker}" is damaged, or belongs to another; put it again`,
      );
    }
  }

  /**
   * Encrypts everything anew, with a new key where keys come from a file. Nothing stops meanwhile: what runs has its
   * secrets, and the keys before stay at hand.
   *
   * @returns the key that encrypts now, and how many values were encrypted with it
   * @throws SecretsError as {@link open}; nothing is encrypted anew then
   */
  rotate(): { readonly keyId: string; readonly count: number } {
    // All of them first: a key that is missing must not be found out half-way.
    const plain = this.#store.all().map((row) => ({ row, value: this.open(row, row) }));
    const key = this.#keys.renew();
    this.#store.replace(
      plain.map(({ row, value }) => ({
        ...row,
        keyId: key.id,
        sealed: seal(key.bytes, aboutOf(row, row.name), value),
      })),
    );
    return { keyId: key.id, count: plain.length };
  }
}

/** What a sealed value is bound to: a row that is moved to another owner or name opens no more. */
function aboutOf({ account, worker }: SecretOwner, name: string): string {
  return `skerry secret\0${account}\0${worker}\0${name}`;
}
