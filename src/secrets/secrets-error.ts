import { SkerryError } from "../errors/skerry-error.ts";

/** Why a secret cannot be used. The text never holds anything of a value or key. */
export class SecretsError extends SkerryError {
  constructor(
    code: "SECRETS_KEY_MISSING" | "SECRETS_DAMAGED" | "INVALID_SECRETS_KEY",
    message: string,
    options?: ErrorOptions,
  ) {
    super(code, message, options);
  }
}
