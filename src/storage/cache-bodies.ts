import type { Bytes } from "./kv-store.ts";

/** A large body that is being written. */
export interface BodyWriter {
  /** Under this name it can be read once it is finished. Never given twice. */
  readonly name: string;
  write(bytes: Bytes): Promise<void>;
  /** It is whole: gives it its name. */
  finish(): Promise<void>;
  /** Leaves nothing of it. */
  abort(): Promise<void>;
}

/** Where the large bodies of a cache are. */
export interface CacheBodies {
  create(): Promise<BodyWriter>;
  /** Exactly `length` bytes. Rejects if they are not there. */
  read(name: string, position: number, length: number): Promise<Bytes>;
  remove(name: string): void;
  close(): Promise<void>;
}
