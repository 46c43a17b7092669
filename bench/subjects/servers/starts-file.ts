/** Where a host of ours writes the phases of its starts, in its folder. */
export const STARTS_FILE = "starts.jsonl";
