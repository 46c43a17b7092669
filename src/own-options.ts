import type { AccountOptions, HostOptions } from "./host-options.ts";

/** What the operator set for an account by name. */
export function ownOptions({ accounts = {} }: HostOptions, account: string): AccountOptions {
  return Object.hasOwn(accounts, account) ? accounts[account]! : {};
}
