/**
 * Base of every error that Skerry throws to its callers. Match on `code`, which stays the same
 * between releases; the message may be improved at any time.
 *
 * @example
 * try { await host.deploy(upload) } catch (error) {
 *   if (error instanceof SkerryError && error.code === "SCRIPT_REFUSED") show(error.message);
 * }
 */
export class SkerryError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}
