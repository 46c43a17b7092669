import { createServer } from "node:net";
import { fail, type Finding, ok, warn } from "./finding.ts";

/**
 * Whether a host could listen there.
 *
 * @param running whether one has the data folder open already: that it is who listens is likely
 */
export function checkPort(check: string, hostname: string, port: number, running: boolean): Promise<Finding> {
  const where = `${hostname}:${port}`;
  if (port === 0) return Promise.resolve(ok(check, `${hostname}, any free one`));
  return new Promise((resolve) => {
    const server = createServer();
    server.on("error", ({ code }: NodeJS.ErrnoException) => {
      if (code === "EADDRINUSE" && running)
        resolve(warn(check, `${where} is taken, by the host that runs it seems`, "nothing, if that is so"));
      else if (code === "EADDRINUSE")
        resolve(fail(check, `${where} is taken`, "take another port, or end who has it"));
      else if (code === "EACCES")
        resolve(
          fail(
            check,
            `${where} is not for this user`,
            "take a port from 1024 on, or give CAP_NET_BIND_SERVICE",
          ),
        );
      else resolve(fail(check, `${where}: ${code}`, "take an address of this machine"));
    });
    server.listen({ port, host: hostname }, () => server.close(() => resolve(ok(check, `${where} is free`))));
  });
}
