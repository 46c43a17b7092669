/** Which lists of static assets the versions of accounts name: what nothing names may go. */
export interface AssetReferences {
  /** Names of an account's lists, each once. */
  ofAccount(account: string): string[];
}
