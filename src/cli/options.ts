import { InvalidArgumentError, Option } from "commander";
import { A_NAMED_ORIGIN, AN_ORIGIN, parseNamedOrigin, parseOrigin } from "../config/parse-origin.ts";

/** An option for a port: a whole number from 0, which takes any free one, to 65535. */
export function portOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => parseWhole(text, 0, 65_535));
}

/** An option for a whole number in a range. */
export function wholeOption(flags: string, description: string, min: number, max: number): Option {
  return new Option(flags, description).argParser((text) => parseWhole(text, min, max));
}

/** An option for where clients reach something: scheme, host and port. */
export function originOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => parseWith(parseOrigin, text, AN_ORIGIN));
}

/** The same where names are put before the host. */
export function namedOriginOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) =>
    parseWith(parseNamedOrigin, text, A_NAMED_ORIGIN),
  );
}

/** The option that says where isolates live. */
export function cellOption(): Option {
  return new Option("--cell <kind>", "where isolates live").choices(["process", "in-process"]);
}

/** The option that says what stands around cells. */
export function sandboxOption(): Option {
  return new Option("--sandbox <mode>", "what stands around process cells (default: auto)").choices([
    "auto",
    "require",
    "off",
  ]);
}

/** The option that names an environment of a wrangler config. */
export function envOption(): Option {
  return new Option(
    "-e, --env <name>",
    "environment of the config (default: CLOUDFLARE_ENV, else the top level)",
  );
}

/** The option that sets variables of a worker, any number of times. */
export function varOption(): Option {
  return new Option("--var <name:value...>", "variables in place of the config's").argParser(
    (text, before: Readonly<Record<string, string>> | undefined) => {
      const [, name, value] = /^([^:]+):(.*)$/s.exec(text) ?? [];
      if (name === undefined || value === undefined)
        throw new InvalidArgumentError("It must be a name and a value, such as MODE:try.");
      return { ...before, [name]: value };
    },
  );
}

function parseWith(parse: (text: string) => URL | null, text: string, allowed: string): string {
  if (parse(text) !== null) return text;
  throw new InvalidArgumentError(`It must be ${allowed}.`);
}

function parseWhole(text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
}
