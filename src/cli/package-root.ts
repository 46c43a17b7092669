import { resolve } from "node:path";

/** Folder of Skerry's package: what is built lies one folder deeper than the sources. */
export const PACKAGE_ROOT: string = resolve(
  import.meta.dirname,
  import.meta.url.endsWith(".ts") ? "../.." : "../../..",
);
