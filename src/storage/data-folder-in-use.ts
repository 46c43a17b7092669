import { SkerryError } from "../errors/skerry-error.ts";

/** Who holds a data folder. */
export interface FolderHolder {
  readonly pid: number;
  readonly hostName: string;
  /** ISO 8601. */
  readonly since: string;
  /** What was started, for a person to recognise: the script and its arguments. */
  readonly command: string;
}

/** Another host, or this process itself, has the data folder open. */
export class DataFolderInUse extends SkerryError {
  readonly path: string;
  /** Null where the holder had not yet written who it is. */
  readonly holder: FolderHolder | null;

  constructor(path: string, holder: FolderHolder | null) {
    super("DATA_FOLDER_IN_USE", `data folder ${path} is in use by ${describe(holder)}. ${advice(holder)}`);
    this.path = path;
    this.holder = holder;
  }
}

function describe(holder: FolderHolder | null): string {
  if (holder === null) return "another host that is just starting";
  const which = holder.pid === process.pid ? " (this process)" : "";
  return `process ${holder.pid}${which} on ${holder.hostName} since ${holder.since} (${holder.command})`;
}

function advice(holder: FolderHolder | null): string {
  return holder?.pid === process.pid
    ? "Close it first, or use one data folder per host."
    : "Stop that process first, or choose another data folder.";
}
