import type { ApiOptions } from "./api-context.ts";

const DEFAULT_ACCOUNT = "default";

/** The host name at which a worker answers by itself; accounts have names of their own below the domain. */
export function workerHost(
  { workersDomain }: Pick<ApiOptions, "workersDomain">,
  account: string,
  name: string,
): string {
  return account === DEFAULT_ACCOUNT
    ? `${name}.${workersDomain}`
    : `${name}.${subdomainOf(account)}.${workersDomain}`;
}

/** Where a client asks the worker. */
export function workerUrl(options: ApiOptions, account: string, name: string): string {
  const { workersScheme, workersPort } = options;
  const usual = workersPort === (workersScheme === "http" ? 80 : 443);
  return `${workersScheme}://${workerHost(options, account, name)}${usual ? "" : `:${workersPort}`}`;
}

/** The pattern that leads to a worker's own name. */
export function ownRoute(options: ApiOptions, account: string, name: string): string {
  return `${workerHost(options, account, name)}/*`;
}

/**
 * What follows the beginning of a version's id in the host name of its preview, with the port.
 * @example "-shop.localhost:8787"
 */
export function previewSuffix(options: ApiOptions, account: string, name: string): string {
  return `-${new URL(workerUrl(options, account, name)).host}`;
}

/** What stands for an account in host names. */
export function subdomainOf(account: string): string {
  return account.replaceAll("_", "-");
}
