import { parseRoute } from "../route/parse-route.ts";
import { type ConfigReader, name, type Section, show } from "./document/config-reader.ts";

const ALLOWED = 'a list of hosts, such as ["acme.example", "*.acme.example"]';

/** The hosts that an account may claim by its routes. */
export function readHosts(reader: ConfigReader, account: Section): readonly string[] | undefined {
  const hosts = reader.strings(account, "hosts", ALLOWED);
  for (const [index, host] of (hosts ?? []).entries()) {
    const path = [...account.path, "hosts", index];
    if (!isHost(host)) reader.problem(path, `${name(path)} is ${show(host)}; it must be ${ALLOWED}`);
  }
  return hosts;
}

function isHost(text: string): boolean {
  if (/[/\s]/.test(text)) return false;
  try {
    parseRoute(text);
    return true;
  } catch {
    return false;
  }
}
