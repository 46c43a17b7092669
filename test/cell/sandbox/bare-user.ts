import { existsSync } from "node:fs";

const [UNSHARE, SETPRIV] = ["/usr/bin/unshare", "/usr/bin/setpriv"];

/**
 * What to put before a command so that it runs on a machine that refuses namespaces, as many containers do: in a
 * user namespace that has room for no other, without capabilities. Undefined where that cannot be had.
 */
export function withoutNamespaces(): string[] | undefined {
  if (process.platform !== "linux" || !existsSync(UNSHARE) || !existsSync(SETPRIV)) return undefined;
  const script = `echo 0 > /proc/sys/user/max_user_namespaces && exec ${SETPRIV} --bounding-set=-all --inh-caps=-all "$@"`;
  return [UNSHARE, "--user", "--map-root-user", "sh", "-c", script, "sh"];
}
