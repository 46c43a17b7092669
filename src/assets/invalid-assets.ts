import { SkerryError } from "../errors/skerry-error.ts";

/** Problems that a message tells of. */
const MOST_SHOWN = 20;

/** Assets that cannot be taken as they are. `problems` has one line each. */
export class InvalidAssets extends SkerryError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const shown = problems.slice(0, MOST_SHOWN);
    if (problems.length > MOST_SHOWN) shown.push(`and ${problems.length - MOST_SHOWN} more`);
    super("INVALID_ASSETS", shown.join("\n"));
    this.problems = problems;
  }
}

/** The account has no room for another content. */
export class AssetsFull extends SkerryError {
  constructor(account: string, limitBytes: number) {
    super(
      "ASSETS_FULL",
      `account "${account}" may keep ${limitBytes} bytes of assets, and the content does not fit any more; delete workers or versions that name files, or raise "assets.accountBytes"`,
    );
  }
}
