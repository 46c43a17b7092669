import { LoopPace } from "../../clock/loop-pace.ts";
import type { RoomBounds } from "../../limits/shared-room.ts";
import { WaitingRoom } from "../../limits/waiting-room.ts";
import { kvFailure, type KvMethod } from "./kv-failure.ts";
import { type Upload, UploadGate } from "./upload-gate.ts";

const MB = 1024 ** 2;
const UPLOADS_PER_ACCOUNT = 4;
/** What values that come as streams hold until they are stored: an account's four uploads fit its part. */
const UPLOAD_BYTES: RoomBounds = { all: 512 * MB, perAccount: 128 * MB };
/** What bulk reads and pages of lists hold until they are sent. One holds at most 6.25 MiB. */
const READ_BYTES: RoomBounds = { all: 256 * MB, perAccount: 32 * MB };
/** Pieces of values that are read in one turn of the loop: of at most 64 KiB each, they take about a millisecond. */
const PIECES_PER_TURN = 16;
/** How long an upload or a read waits for room before it fails, in ms. */
const PATIENCE_MS = 10_000;

export interface KvRoomOptions {
  readonly uploadBytes?: RoomBounds;
  readonly readBytes?: RoomBounds;
  readonly patienceMs?: number;
  /** How long an account has to wait before more is read for it, in ms; 0 where it need not. @default nobody waits */
  readonly heldMs?: (account: string) => number;
}

/** What the KV operations of all accounts share of the host's memory and of its loop. One for a host. */
export class KvRooms {
  /** Has accounts take turns at reading large values and lists. */
  readonly reading: LoopPace<string>;
  readonly #reads: WaitingRoom;
  readonly #uploads: WaitingRoom;
  readonly #patienceMs: number;
  /** By account, while it has uploads. */
  readonly #gates = new Map<string, { readonly gate: UploadGate; users: number }>();

  constructor({
    uploadBytes = UPLOAD_BYTES,
    readBytes = READ_BYTES,
    patienceMs = PATIENCE_MS,
    heldMs,
  }: KvRoomOptions = {}) {
    this.reading = new LoopPace(PIECES_PER_TURN, heldMs);
    this.#reads = new WaitingRoom(readBytes, { emptyFirst: true });
    this.#uploads = new WaitingRoom(uploadBytes);
    this.#patienceMs = patienceMs;
  }

  /**
   * Does `work` when the account has a place for an upload. What it says to have received is taken of the room, and
   * given back when it is done.
   */
  async upload<T>(
    account: string,
    signal: AbortSignal,
    work: (upload: UploadInRoom) => Promise<T>,
  ): Promise<T> {
    const entry = this.#gates.get(account) ?? { gate: new UploadGate(UPLOADS_PER_ACCOUNT), users: 0 };
    this.#gates.set(account, entry);
    entry.users++;
    try {
      return await entry.gate.pass(signal, (upload) => this.#inRoom(account, upload, work));
    } finally {
      if (--entry.users === 0) this.#gates.delete(account);
    }
  }

  /** Takes what a read may hold of the room. @throws CallError with 503 where there is none in time */
  async takeForRead(method: KvMethod, account: string, bytes: number, signal: AbortSignal): Promise<void> {
    await this.#take(this.#reads, method, account, bytes, signal);
  }

  /** Gives back what a read no longer holds. */
  giveFromRead(account: string, bytes: number): void {
    this.#reads.give(account, bytes);
  }

  async #inRoom<T>(account: string, upload: Upload, work: (upload: UploadInRoom) => Promise<T>): Promise<T> {
    let held = 0;
    try {
      return await work({
        signal: upload.signal,
        received: async (bytes) => {
          upload.received(bytes);
          await this.#take(this.#uploads, "PUT", account, bytes, upload.signal);
          held += bytes;
        },
      });
    } finally {
      this.#uploads.give(account, held);
    }
  }

  async #take(
    room: WaitingRoom,
    method: KvMethod,
    account: string,
    bytes: number,
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    if (room.tryTake(account, bytes)) return;
    const impatient = new AbortController();
    const timer = setTimeout(
      () => impatient.abort(kvFailure(method, 503, "Service Unavailable")),
      this.#patienceMs,
    );
    try {
      await room.take(account, bytes, AbortSignal.any([signal, impatient.signal]));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** An upload that has a place. */
export interface UploadInRoom {
  /** Aborts with the upload's own signal, or when it has to give way. */
  readonly signal: AbortSignal;
  /** To be called with what came of the value, and waited for before more is read. */
  readonly received: (bytes: number) => Promise<void>;
}
