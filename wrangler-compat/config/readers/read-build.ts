import type { ConfigScope } from "../config-scope.ts";

/** A command that makes what is bundled. Paths are relative to the config's folder. */
export interface CustomBuild {
  readonly command: string;
  readonly cwd: string | undefined;
  /** Folders whose changes call for another run. */
  readonly watchDirs: readonly string[];
}

/** `build`: undefined where there is no command. */
export function readBuild(scope: ConfigScope): CustomBuild | undefined {
  const { reader } = scope;
  const build = reader.table(scope.of("build"), "build");
  if (build === undefined) return undefined;
  scope.warnUnknown(build, ["command", "cwd", "watch_dir"]);
  const command = reader.string(build, "command");
  const cwd = reader.string(build, "cwd");
  const watchDirs = Array.isArray(build.value["watch_dir"])
    ? reader.strings(build, "watch_dir")
    : reader.string(build, "watch_dir", "a text or a list of texts");
  if (command === undefined || command.trim() === "") return undefined;
  return { command, cwd, watchDirs: [watchDirs ?? "./src"].flat() };
}
