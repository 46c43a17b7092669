import { Ask, URL_CHARS, type UrlPart } from "../contract/sync.ts";
import { io } from "../io/io.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import {
  stringCharCodeAt,
  stringIndexOf,
  stringSlice,
  stringSplit,
  stringStartsWith,
  stringToWellFormed,
} from "../primordials/string.ts";
import { createObjectUrl, revokeObjectUrl } from "../form-data/late-forms.ts";
import { requireArguments } from "../webidl/arguments.ts";
import { type ScannedUrl, scanUrl } from "./scan.ts";
import { paramsInternals, type URLSearchParams } from "./url-search-params.ts";

/** Places of the parts in the cell's answer, the order of `URL_PARTS`. */
const Part = {
  href: 0,
  origin: 1,
  protocol: 2,
  username: 3,
  password: 4,
  host: 5,
  hostname: 6,
  port: 7,
  pathname: 8,
  search: 9,
  hash: 10,
} as const;

/** A parsed URL: of a plain one only where its parts end, of any other all parts as the cell gave them. */
type Parsed =
  | { readonly plain: ScannedUrl; readonly parts: undefined }
  | { readonly plain: undefined; readonly parts: readonly string[] };

function fromScan(plain: ScannedUrl): Parsed {
  return { plain, parts: undefined };
}

function fromAnswer(answer: unknown): Parsed | undefined {
  return typeof answer === "string" ? { plain: undefined, parts: stringSplit(answer, "\n") } : undefined;
}

/** Parses as the URL standard does; undefined where it fails. */
function parse(input: string, base: string | undefined): Parsed | undefined {
  const absolute = scanUrl(input);
  if (base === undefined) {
    if (absolute !== undefined) return fromScan(absolute);
  } else {
    const plainBase = scanUrl(base);
    if (plainBase !== undefined) {
      if (absolute !== undefined) return fromScan(absolute);
      if (stringCharCodeAt(input, 0) === 0x2f && stringCharCodeAt(input, 1) !== 0x2f) {
        const joined = scanUrl(stringSlice(plainBase.href, 0, plainBase.hostEnd) + input);
        if (joined !== undefined) return fromScan(joined);
      }
    }
  }
  // The cell would refuse it as well, but only after it took a copy.
  if (input.length > URL_CHARS || (base !== undefined && base.length > URL_CHARS)) return undefined;
  return fromAnswer(
    io.ask(Ask.urlParse, stringToWellFormed(input), base === undefined ? null : stringToWellFormed(base)),
  );
}

const noParse = {};

/** A URL, as the URL standard has it. Parsing what is not plain asks the cell. */
export class URL {
  #url: Parsed;
  #params: URLSearchParams | undefined;

  constructor(url: string, base?: string) {
    if (arguments.length === 0)
      throw new TypeErrorOf("Failed to construct 'URL': 1 argument required, but only 0 present.");
    if ((url as unknown) === noParse) {
      this.#url = base as unknown as Parsed;
      return;
    }
    const input = `${url}`;
    const parsed = parse(input, base === undefined ? undefined : `${base}`);
    if (parsed === undefined) throw new TypeErrorOf("Invalid URL string.");
    this.#url = parsed;
  }

  static canParse(url: string, base?: string): boolean {
    if (arguments.length === 0)
      throw new TypeErrorOf(
        "Failed to execute 'canParse' on 'URL': 1 argument required, but only 0 present.",
      );
    return parse(`${url}`, base === undefined ? undefined : `${base}`) !== undefined;
  }
  static parse(url: string, base?: string): URL | null {
    if (arguments.length === 0)
      throw new TypeErrorOf("Failed to execute 'parse' on 'URL': 1 argument required, but only 0 present.");
    const parsed = parse(`${url}`, base === undefined ? undefined : `${base}`);
    return parsed === undefined ? null : new URL(noParse as never, parsed as never);
  }
  static createObjectURL(blob: object): string {
    requireArguments("'createObjectURL' on 'URL'", arguments.length, 1);
    return createObjectUrl(blob);
  }
  static revokeObjectURL(url: string): void {
    requireArguments("'revokeObjectURL' on 'URL'", arguments.length, 1);
    revokeObjectUrl(`${url}`);
  }

  get href(): string {
    const { plain, parts } = this.#url;
    return plain === undefined ? (parts[Part.href] as string) : plain.href;
  }
  set href(value: string) {
    const parsed = parse(`${value}`, undefined);
    if (parsed === undefined) throw new TypeErrorOf("Invalid URL string.");
    this.#replace(parsed);
  }
  get origin(): string {
    const { plain, parts } = this.#url;
    return plain === undefined ? (parts[Part.origin] as string) : stringSlice(plain.href, 0, plain.hostEnd);
  }
  get protocol(): string {
    const { plain, parts } = this.#url;
    return plain === undefined
      ? (parts[Part.protocol] as string)
      : plain.protocolEnd === 6
        ? "https:"
        : "http:";
  }
  set protocol(value: string) {
    this.#set("protocol", `${value}`);
  }
  get username(): string {
    const { plain, parts } = this.#url;
    return plain === undefined ? (parts[Part.username] as string) : "";
  }
  set username(value: string) {
    this.#set("username", `${value}`);
  }
  get password(): string {
    const { plain, parts } = this.#url;
    return plain === undefined ? (parts[Part.password] as string) : "";
  }
  set password(value: string) {
    this.#set("password", `${value}`);
  }
  get host(): string {
    const { plain, parts } = this.#url;
    return plain === undefined
      ? (parts[Part.host] as string)
      : stringSlice(plain.href, plain.protocolEnd + 2, plain.hostEnd);
  }
  set host(value: string) {
    this.#set("host", `${value}`);
  }
  get hostname(): string {
    const { plain, parts } = this.#url;
    return plain === undefined
      ? (parts[Part.hostname] as string)
      : stringSlice(plain.href, plain.protocolEnd + 2, plain.hostnameEnd);
  }
  set hostname(value: string) {
    this.#set("hostname", `${value}`);
  }
  get port(): string {
    const { plain, parts } = this.#url;
    return plain === undefined
      ? (parts[Part.port] as string)
      : stringSlice(plain.href, plain.hostnameEnd + 1, plain.hostEnd);
  }
  set port(value: string) {
    this.#set("port", `${value}`);
  }
  get pathname(): string {
    const { plain, parts } = this.#url;
    return plain === undefined
      ? (parts[Part.pathname] as string)
      : stringSlice(plain.href, plain.hostEnd, plain.pathEnd);
  }
  set pathname(value: string) {
    const text = `${value}`;
    const { plain } = this.#url;
    if (
      plain !== undefined &&
      stringStartsWith(text, "/") &&
      stringIndexOf(text, "?") < 0 &&
      stringIndexOf(text, "#") < 0
    ) {
      if (this.#splice(plain, plain.hostEnd, text, plain.pathEnd)) return;
    }
    this.#set("pathname", text);
  }
  get search(): string {
    const { plain, parts } = this.#url;
    if (plain === undefined) return parts[Part.search] as string;
    // A lone `?` is an empty query.
    return plain.searchEnd - plain.pathEnd > 1 ? stringSlice(plain.href, plain.pathEnd, plain.searchEnd) : "";
  }
  set search(value: string) {
    const text = `${value}`;
    this.#setSearch(text);
    if (this.#params !== undefined) paramsInternals.reset(this.#params, stringSlice(this.search, 1));
  }
  get searchParams(): URLSearchParams {
    return (this.#params ??= paramsInternals.make(stringSlice(this.search, 1), (query) =>
      this.#setSearch(query),
    ));
  }
  get hash(): string {
    const { plain, parts } = this.#url;
    if (plain === undefined) return parts[Part.hash] as string;
    return plain.href.length - plain.searchEnd > 1 ? stringSlice(plain.href, plain.searchEnd) : "";
  }
  set hash(value: string) {
    const text = `${value}`;
    const { plain } = this.#url;
    if (plain !== undefined) {
      const bare = stringStartsWith(text, "#") ? stringSlice(text, 1) : text;
      if (this.#splice(plain, plain.searchEnd, text === "" ? "" : `#${bare}`, plain.href.length)) return;
    }
    this.#set("hash", text);
  }
  toString(): string {
    const { plain, parts } = this.#url;
    return plain === undefined ? (parts[Part.href] as string) : plain.href;
  }
  toJSON(): string {
    const { plain, parts } = this.#url;
    return plain === undefined ? (parts[Part.href] as string) : plain.href;
  }

  #setSearch(text: string): void {
    const { plain } = this.#url;
    if (plain !== undefined && stringIndexOf(text, "#") < 0) {
      const bare = stringStartsWith(text, "?") ? stringSlice(text, 1) : text;
      if (this.#splice(plain, plain.pathEnd, text === "" ? "" : `?${bare}`, plain.searchEnd)) return;
    }
    this.#set("search", text);
  }

  /** Puts `text` in the place of a part; false where the outcome is not plain. */
  #splice(plain: ScannedUrl, start: number, text: string, end: number): boolean {
    const scanned = scanUrl(stringSlice(plain.href, 0, start) + text + stringSlice(plain.href, end));
    if (scanned === undefined) return false;
    this.#url = fromScan(scanned);
    return true;
  }

  #set(part: UrlPart, value: string): void {
    if (value.length > URL_CHARS || this.href.length > URL_CHARS) return;
    const parsed = fromAnswer(io.ask(Ask.urlSet, this.href, part, stringToWellFormed(value)));
    if (parsed !== undefined) this.#url = parsed;
  }

  #replace(parsed: Parsed): void {
    this.#url = parsed;
    if (this.#params !== undefined) paramsInternals.reset(this.#params, stringSlice(this.search, 1));
  }

  static {
    // The constructor takes one argument that must be there.
    objectDefineProperty(this, "length", dataDescriptor(1, false, false));
  }
}

/** The normal form of an absolute URL, as a request shows it; undefined where it does not parse. */
export function parseUrl(input: string): string | undefined {
  const parsed = parse(input, undefined);
  return parsed === undefined
    ? undefined
    : parsed.plain === undefined
      ? parsed.parts[Part.href]
      : parsed.plain.href;
}

/** What the getters of a URL give, for the runtime: the getters themselves a worker can replace. */
export interface UrlParts {
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
}

function partsOf({ plain, parts }: Parsed): UrlParts {
  if (plain === undefined) {
    return {
      protocol: parts[Part.protocol] as string,
      username: parts[Part.username] as string,
      password: parts[Part.password] as string,
      hostname: parts[Part.hostname] as string,
      port: parts[Part.port] as string,
      pathname: parts[Part.pathname] as string,
      search: parts[Part.search] as string,
      hash: parts[Part.hash] as string,
    };
  }
  const { href, protocolEnd, hostnameEnd, hostEnd, pathEnd, searchEnd } = plain;
  return {
    protocol: stringSlice(href, 0, protocolEnd),
    username: "",
    password: "",
    hostname: stringSlice(href, protocolEnd + 2, hostnameEnd),
    port: stringSlice(href, hostnameEnd + 1, hostEnd),
    pathname: stringSlice(href, hostEnd, pathEnd),
    search: searchEnd - pathEnd > 1 ? stringSlice(href, pathEnd, searchEnd) : "",
    hash: href.length - searchEnd > 1 ? stringSlice(href, searchEnd) : "",
  };
}

/** Parses a URL; undefined where it does not parse. */
export function urlParts(input: string, base?: string): UrlParts | undefined {
  const parsed = parse(input, base);
  return parsed === undefined ? undefined : partsOf(parsed);
}

/** The parts of a URL after one of them was set; undefined where that cannot be asked. */
export function urlPartsWith(href: string, part: UrlPart, value: string): UrlParts | undefined {
  if (value.length > URL_CHARS) return undefined;
  const parsed = fromAnswer(io.ask(Ask.urlSet, href, part, stringToWellFormed(value)));
  return parsed === undefined ? undefined : partsOf(parsed);
}
