import { randomBytes } from "node:crypto";
import ivm from "isolated-vm";
import { type EnvEntry, type LoadConfig, MARK_WORDS } from "../../../runtime-api/contract/boot.ts";
import { IMAGE_NAME } from "../../../runtime-api/contract/bundle.ts";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { In } from "../../../runtime-api/contract/in.ts";
import { Out } from "../../../runtime-api/contract/out.ts";
import { Ask, URL_PARTS } from "../../../runtime-api/contract/sync.ts";
import { part, type PartScripts } from "../../../src/isolate/ask/part.ts";
import "../../../src/isolate/process-end.ts";
import { type ImageScripts, imageScripts } from "../../../src/isolate/image-script.ts";

let scripts: Promise<ImageScripts> | undefined;
let partScripts: PartScripts = {};

/** The image's script, bundled once per process, as the parts outside it are. */
export async function imageScript(): Promise<string> {
  const { image, parts } = await (scripts ??= imageScripts(undefined));
  partScripts = parts;
  return image;
}

/** One record that came out, by name of its type. */
export interface Emitted {
  readonly type: keyof typeof Out;
  readonly event: number;
  readonly fields: readonly Flat[];
}

const FIELDS: Record<keyof typeof Out, number> = {
  head: 6,
  chunk: 2,
  close: 1,
  fail: 2,
  credit: 2,
  cancel: 2,
  call: -1,
  uncall: 1,
  timerSet: 2,
  timerClear: 1,
  log: 2,
  exception: 3,
  passThrough: 0,
  end: 1,
  loaded: 1,
  loadFailed: 3,
  slice: 1,
  socketMessage: 2,
  socketPart: 4,
  socketCredit: 2,
  socketClose: 3,
};
const NAMES = Object.fromEntries(Object.entries(Out).map(([name, type]) => [type, name])) as Record<
  number,
  keyof typeof Out
>;

export function decode(flat: readonly Flat[]): Emitted[] {
  const records: Emitted[] = [];
  for (let at = 0; at < flat.length;) {
    const type = NAMES[flat[at] as number];
    if (type === undefined) throw new Error(`unknown record ${String(flat[at])} at ${at}`);
    const event = flat[at + 1] as number;
    const count = type === "call" ? 4 + (flat[at + 5] as number) : FIELDS[type];
    records.push({ type, event, fields: flat.slice(at + 2, at + 2 + count) });
    at += 2 + count;
  }
  return records;
}

export interface WorkerOptions {
  /** Bindings of `env`. */
  readonly env?: readonly EnvEntry[];
  readonly main?: string;
  readonly values?: readonly unknown[];
  readonly bodyBytes?: number;
  readonly memoryMb?: number;
  readonly wasmCompile?: boolean;
}

type Doors = Readonly<Record<"load" | "deliver" | "turn" | "collect", ivm.Reference>>;
const COPY_BOTH = { arguments: { copy: true }, result: { copy: true } } as const;

/** A real isolate that runs the image, driven record by record. */
export class TestIsolate {
  readonly isolate: ivm.Isolate;
  readonly marks: Float64Array;
  readonly #context: ivm.Context;
  readonly #doors: Doors;
  #lastEvent = 0;
  clockMs = 1_700_000_000_000;
  /** Text of the floating rejections, as an entry told them. */
  readonly rejections: string[] = [];

  private constructor(isolate: ivm.Isolate, context: ivm.Context, marks: Float64Array, doors: Doors) {
    this.isolate = isolate;
    this.marks = marks;
    this.#context = context;
    this.#doors = doors;
  }

  static async create(): Promise<TestIsolate> {
    const isolate = new ivm.Isolate({ memoryLimit: 128 });
    const context = await isolate.createContext();
    const script = await isolate.compileScript(await imageScript(), { filename: IMAGE_NAME });
    const boot = (await script.run(context, { reference: true })) as ivm.Reference;
    const marks = new Float64Array(new SharedArrayBuffer(MARK_WORDS * 8));
    const runtime = (await boot.apply(
      undefined,
      [new ivm.Callback(answer, { sync: true }), new ivm.ExternalCopy(marks).copyInto()],
      { result: { reference: true } },
    )) as ivm.Reference;
    const door = (name: string): Promise<ivm.Reference> =>
      runtime.get(name, { reference: true }) as Promise<ivm.Reference>;
    const doors = {
      load: await door("load"),
      deliver: await door("deliver"),
      turn: await door("turn"),
      collect: await door("collect"),
    };
    return new TestIsolate(isolate, context, marks, doors);
  }

  /** Loads a version; `modules` is the source of an array of module definitions. */
  async load(modules: string, options: WorkerOptions = {}): Promise<Emitted[]> {
    const script = await this.isolate.compileScript(modules, { filename: "skerry:worker" });
    const definitions = (await script.run(this.#context, { reference: true })) as ivm.Reference;
    const { main = "main.js", env = [], bodyBytes = 1e8, memoryMb = 128, wasmCompile = false } = options;
    const config: LoadConfig = { main, env, liveClock: false, bodyBytes, memoryMb, wasmCompile };
    const copy = new ivm.ExternalCopy(options.values ?? []);
    const loading = this.#enter(this.#doors.load, [
      definitions.derefInto(),
      copy.copyInto(),
      JSON.stringify(config),
      this.clockMs,
    ]);
    const records = await this.#collect([loading]);
    // A process that ends while a copy with WebAssembly is alive hangs in its last steps.
    copy.release();
    return records;
  }

  /** One turn: a slice per array of records, then everything that came out. */
  async turn(...slices: Flat[][]): Promise<Emitted[]> {
    return this.#collect(
      slices.map((slice) => this.#enter(this.#doors.deliver, [new ivm.ExternalCopy(slice).copyInto()])),
    );
  }

  /** One slice, in the one entry that gives what it put out; undefined if that rejected. */
  async turnAlone(slice: Flat[]): Promise<Flat[] | undefined> {
    try {
      return (await this.#doors.turn.apply(undefined, [slice], COPY_BOTH)) as Flat[];
    } catch (error) {
      this.rejections.push(String(error));
      return undefined;
    }
  }

  /** What was put out since the last turn, but for the first values of it. */
  async collect(arrived: number): Promise<Emitted[]> {
    return decode((await this.#doors.collect.apply(undefined, [arrived], COPY_BOTH)) as Flat[]);
  }

  /** As `turn`, with all slices handed over in the first entry. */
  async turnTogether(first: Flat[], ...more: Flat[][]): Promise<Emitted[]> {
    const { deliver } = this.#doors;
    const entries = [
      this.#enter(deliver, [new ivm.ExternalCopy(first).copyInto(), new ivm.ExternalCopy(more).copyInto()]),
    ];
    for (let i = 0; i < more.length; i++) entries.push(this.#enter(deliver, []));
    return this.#collect(entries);
  }

  /** Records of one event in one turn. */
  async send(event: number, ...records: Flat[]): Promise<Emitted[]> {
    return this.turn([event, this.clockMs, ...records]);
  }

  /** The records that open a fetch event, whose id is next. */
  request(path = "/", init: { method?: string; headers?: string; body?: [number, Flat] } = {}): Flat[] {
    const [kind, value] = init.body ?? [0, null];
    return [
      ++this.#lastEvent,
      this.clockMs,
      In.fetch,
      init.method ?? "GET",
      `https://host.example${path}`,
      init.headers ?? "",
      kind,
      value,
      "{}",
    ];
  }

  /** Sends one request; gives what its first turn put out. */
  async fetch(path?: string, init?: Parameters<TestIsolate["request"]>[1]): Promise<Emitted[]> {
    return this.turn(this.request(path, init));
  }

  get lastEvent(): number {
    return this.#lastEvent;
  }

  scheduled(cron: string, timeMs: number): Flat[] {
    return [++this.#lastEvent, this.clockMs, In.scheduled, cron, timeMs];
  }

  #enter(door: ivm.Reference, args: unknown[]): Promise<void> {
    return door.apply(undefined, args).then(
      () => {},
      (error: unknown) => {
        this.rejections.push(String(error));
      },
    );
  }

  async #collect(entries: Promise<void>[]): Promise<Emitted[]> {
    const out = this.#doors.collect.apply(undefined, [], { result: { copy: true } }) as Promise<Flat[]>;
    await Promise.all(entries);
    return decode(await out);
  }

  [Symbol.dispose](): void {
    this.isolate.dispose();
  }
}

/** Makes an isolate with one module `main.js`, given as the source of `export default`. */
export async function worker(
  handlers: string,
  options: WorkerOptions & { before?: string } = {},
): Promise<TestIsolate> {
  const isolate = await TestIsolate.create();
  const records = await isolate.load(mainModule(handlers, options.before), options);
  if (!records.some(({ type }) => type === "loaded"))
    throw new Error(`not loaded: ${JSON.stringify(records)}`);
  return isolate;
}

/** Source of the definitions of one module that exports `handlers` as default. */
export function mainModule(handlers: string, before = "", requests: readonly string[] = []): string {
  return `[["main.js", "esm", ${JSON.stringify(requests)}, [], false, function* (imports, meta, load, define) {
    "use strict";
    let handlers;
    define({ default: () => handlers });
    yield;
    ${before}
    handlers = ${handlers};
  }]]`;
}

/** The fields of the only record of this type. */
export function only(records: readonly Emitted[], type: keyof typeof Out, event?: number): readonly Flat[] {
  const found = records.filter(
    (record) => record.type === type && (event === undefined || record.event === event),
  );
  if (found.length !== 1)
    throw new Error(`${found.length} records of type ${type} in ${JSON.stringify(records)}`);
  return found[0]!.fields;
}

export function types(records: readonly Emitted[], event?: number): string[] {
  return records
    .filter((record) => record.type !== "slice" && (event === undefined || record.event === event))
    .map(({ type }) => type);
}

function answer(op: number, ...args: unknown[]): string | Uint8Array | null {
  switch (op) {
    case Ask.urlParse:
      return parts(() => new URL(args[0] as string, (args[1] as string | null) ?? undefined));
    case Ask.urlSet:
      return parts(() => Object.assign(new URL(args[0] as string), { [args[1] as string]: args[2] }));
    case Ask.random:
      return new Uint8Array(randomBytes(args[0] as number));
    case Ask.utf8Encode:
      return new TextEncoder().encode(args[0] as string);
    case Ask.utf8Decode:
      return new TextDecoder("utf-8", { fatal: args[1] as boolean, ignoreBOM: args[2] as boolean }).decode(
        args[0] as Uint8Array,
      );
    case Ask.part:
      return part(args[0], partScripts);
    default:
      return null;
  }
}

function parts(make: () => URL): string | null {
  try {
    const url = make();
    return URL_PARTS.map((part) => url[part]).join("\n");
  } catch {
    return null;
  }
}
