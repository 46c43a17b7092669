import { readKeyFile, writeKeyFile } from "./key-file.ts";
import { KEY_VARIABLE } from "./environment-key.ts";
import { type MasterKey, newMasterKey, parseKeys } from "./master-key.ts";
import { SecretsError } from "./secrets-error.ts";

export interface KeyRingOptions {
  /** Keys from the environment; they come before those of the file. */
  readonly environment: string | null;
  /** The key file; null keeps keys in memory only. */
  readonly file: string | null;
}

/** The master keys that a host has: the first encrypts, all decrypt. */
export class KeyRing {
  readonly #file: string | null;
  readonly #environment: readonly MasterKey[];
  #kept: readonly MasterKey[];

  /** @throws SecretsError `INVALID_SECRETS_KEY` */
  constructor({ environment, file }: KeyRingOptions) {
    this.#file = file;
    this.#environment = environment === null ? [] : parseKeys(environment, KEY_VARIABLE);
    this.#kept = file === null ? [] : readKeyFile(file);
  }

  /** The key with this id, if it is at hand. The file is read again for one that is not. */
  find(id: string): MasterKey | undefined {
    const known = this.#all().find((key) => key.id === id);
    if (known !== undefined || this.#file === null) return known;
    this.#kept = readKeyFile(this.#file);
    return this.#all().find((key) => key.id === id);
  }

  /**
   * The key to encrypt with. Made, and written to the file, if there is none at all.
   *
   * @param used Ids of the keys that stored secrets need.
   * @throws SecretsError `SECRETS_KEY_MISSING` if there is none although secrets need one: a new one would hide the loss.
   */
  current(used: readonly string[]): MasterKey {
    const [first] = this.#all();
    if (first !== undefined) return first;
    const [needed] = used;
    if (needed !== undefined && this.find(needed) === undefined) throw missing(needed);
    return this.#all()[0] ?? this.#add();
  }

  /**
   * Makes the key that encrypts from now on: the first one of the environment, else a new one at the head of the file.
   * The file is read again before.
   */
  renew(): MasterKey {
    const [first] = this.#environment;
    if (first !== undefined) return first;
    if (this.#file !== null) this.#kept = readKeyFile(this.#file);
    return this.#add();
  }

  #add(): MasterKey {
    const key = newMasterKey();
    const keys = [key, ...this.#kept];
    if (this.#file !== null) writeKeyFile(this.#file, keys);
    this.#kept = keys;
    return key;
  }

  #all(): MasterKey[] {
    return [...this.#environment, ...this.#kept];
  }
}

/** The error of secrets whose key is not there. */
export function missing(id: string): SecretsError {
  return new SecretsError(
    "SECRETS_KEY_MISSING",
    `the key "${id}" that secrets were encrypted with is not there; put it into the key file, or into ${KEY_VARIABLE}`,
  );
}
