/** A worker's key in maps over the workers of all accounts; names hold no line ends. */
export function workerKey(account: string, worker: string): string {
  return `${account}\n${worker}`;
}
