import {
  CODEC_BYTES_PER_EVENT,
  CODEC_BYTES_PER_ISOLATE,
  CODEC_INPUT_BYTES,
} from "../../../runtime-api/contract/bounds.ts";
import { CODEC_MODES, type CodecMode } from "../../../runtime-api/contract/calls.ts";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { type CellAnswer, refusal } from "./cell-answer.ts";
import { Codec, codecBytes, type WorkTimes } from "./codec.ts";
import { Gate } from "./gate.ts";

/** Steps of one isolate that may be at work at once, or wait for the cell's gate. */
const STEPS_AT_ONCE = 2;
/** CPU of a step and of opening a codec beside what the bytes take, in microseconds. */
const STEP_US = 30;
const OPEN_US = 100;
const MB = 1024 * 1024;
const TOO_MANY = `Too many compression streams are open at once: those of one event may hold ${CODEC_BYTES_PER_EVENT / MB} MB, those of all events ${CODEC_BYTES_PER_ISOLATE / MB} MB.`;

/** The open codecs of one isolate, by event. */
export class IsolateCodecs {
  readonly #events = new Map<number, Map<number, Codec>>();
  /** Codecs with a step that is at work or waits for its place. */
  readonly #busy = new Set<Codec>();
  readonly #own = new Gate(STEPS_AT_ONCE);
  readonly #all: Gate;
  readonly #times: (() => WorkTimes) | undefined;
  #heldBytes = 0;

  /**
   * @param all the gate of the whole cell: Node's thread pool is everybody's
   * @param times what codecs read before and after each step. @default those of this process
   */
  constructor(all: Gate, times?: () => WorkTimes) {
    this.#all = all;
    this.#times = times;
  }

  /** Answers `codec`: one step of a codec, which is opened by its first. Never rejects. */
  async step(event: number, args: readonly Flat[]): Promise<CellAnswer> {
    const [id, mode, input, finish] = args;
    if (!isId(id) || !isMode(mode) || !(input instanceof Uint8Array) || typeof finish !== "boolean")
      return refusal("TypeError", "a codec's step has the wrong arguments");
    if (input.length > CODEC_INPUT_BYTES) return refusal("TypeError", "a codec's step is too large");
    const found = this.#find(event, id);
    const codec = found ?? this.#open(event, id, mode);
    if (codec === undefined) return refusal("Error", TOO_MANY, STEP_US);
    const overheadUs = found === undefined ? STEP_US + OPEN_US : STEP_US;
    if (codec.mode !== mode || this.#busy.has(codec) || (input.length > 0 && !codec.hungry))
      return refusal("TypeError", "a codec's step comes out of turn");
    this.#busy.add(codec);
    try {
      const { bytes, more } = await this.#own.run(() => this.#all.run(() => codec.step(input, finish)));
      if (finish && !more) this.#close(event, id);
      return { ok: true, values: [bytes, more], cpuUs: overheadUs + codec.takeCost() };
    } catch (error) {
      this.#close(event, id);
      return refusal("TypeError", messageOf(error), overheadUs + codec.takeCost());
    } finally {
      this.#busy.delete(codec);
    }
  }

  /** Answers `codecClose`. */
  end(event: number, args: readonly Flat[]): CellAnswer {
    const [id] = args;
    if (isId(id)) this.#close(event, id);
    return { ok: true, values: [], cpuUs: 0 };
  }

  /** The event is over: its codecs go. */
  endEvent(event: number): void {
    for (const id of [...(this.#events.get(event)?.keys() ?? [])]) this.#close(event, id);
  }

  /** The isolate is gone. */
  close(): void {
    for (const event of [...this.#events.keys()]) this.endEvent(event);
  }

  #find(event: number, id: number): Codec | undefined {
    return this.#events.get(event)?.get(id);
  }

  #open(event: number, id: number, mode: CodecMode): Codec | undefined {
    const heldBytes = codecBytes(mode);
    let codecs = this.#events.get(event);
    let eventBytes = heldBytes;
    for (const codec of codecs?.values() ?? []) eventBytes += codecBytes(codec.mode);
    if (eventBytes > CODEC_BYTES_PER_EVENT || this.#heldBytes + heldBytes > CODEC_BYTES_PER_ISOLATE)
      return undefined;
    if (codecs === undefined) this.#events.set(event, (codecs = new Map()));
    const codec = new Codec(mode, this.#times);
    codecs.set(id, codec);
    this.#heldBytes += heldBytes;
    return codec;
  }

  #close(event: number, id: number): void {
    const codecs = this.#events.get(event);
    const codec = codecs?.get(id);
    if (codecs === undefined || codec === undefined) return;
    codecs.delete(id);
    if (codecs.size === 0) this.#events.delete(event);
    this.#heldBytes -= codecBytes(codec.mode);
    codec.close();
  }
}

function isId(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function isMode(value: unknown): value is CodecMode {
  return CODEC_MODES.includes(value as CodecMode);
}

/** zlib's own words, which name no path: "incorrect header check". */
function messageOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  if (code === "ERR_TRAILING_JUNK_AFTER_STREAM_END") return "bytes follow the end of the compressed data";
  if (code === "Z_BUF_ERROR") return "the compressed data ends too early";
  return typeof code === "string" && code.startsWith("Z_")
    ? `the compressed data is malformed: ${(error as Error).message}`
    : "the codec was closed";
}
