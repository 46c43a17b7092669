// oxlint-disable-next-line no-restricted-imports -- a process of its own, as the child's entry is
import { prepareImage } from "../../isolate/image.ts";

/**
 * Entry of a process that makes the image for cells in a sandbox, which may read it and write nothing. It runs
 * before any tenant's code, prints the file's path, and ends.
 */
process.stdout.write(await prepareImage(process.argv[2] ?? ""));
