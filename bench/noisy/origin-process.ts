import { startOrigin } from "../origin.ts";

/** Entry of the origin that the noise fetches from, which elsewhere is another machine. */
const { url } = await startOrigin(1_024);
process.send!(url);
process.on("disconnect", () => process.exit(0));
