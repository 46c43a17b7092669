import { type FileHandle, open } from "node:fs/promises";

interface Opened {
  readonly handle: Promise<FileHandle>;
  users: number;
  forgotten: boolean;
}

/**
 * Body files that are open, each shared by all who use it, since every read and write names its position. When
 * there are too many, the one used least recently is closed: whoever never goes on costs no descriptor.
 */
export class OpenBodyFiles {
  readonly #max: number;
  readonly #open = new Map<string, Opened>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Reads exactly as many bytes as `into` has. Rejects if the file is shorter, or gone. */
  async read(path: string, position: number, into: Uint8Array): Promise<void> {
    await this.#with(path, "r", async (handle) => {
      for (let at = 0; at < into.length;) {
        const { bytesRead } = await handle.read(into, at, into.length - at, position + at);
        if (bytesRead === 0) throw new Error("the file is shorter than it should be");
        at += bytesRead;
      }
    });
  }

  /** Writes into a file that is there. */
  async write(path: string, position: number, bytes: Uint8Array): Promise<void> {
    await this.#with(path, "r+", async (handle) => {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at);
        at += bytesWritten;
      }
    });
  }

  /** Makes what was written durable. */
  async sync(path: string): Promise<void> {
    await this.#with(path, "r+", (handle) => handle.datasync());
  }

  /** The file goes: who uses it goes on, nobody else does. */
  forget(path: string): void {
    const opened = this.#open.get(path);
    if (opened === undefined) return;
    this.#open.delete(path);
    opened.forgotten = true;
    this.#close(opened);
  }

  closeAll(): void {
    for (const path of [...this.#open.keys()]) this.forget(path);
  }

  async #with(path: string, flags: string, work: (handle: FileHandle) => Promise<void>): Promise<void> {
    const opened = this.#use(path, flags);
    opened.users++;
    try {
      await work(await opened.handle);
    } catch (error) {
      this.forget(path);
      throw error;
    } finally {
      opened.users--;
      if (opened.forgotten) this.#close(opened);
      this.#trim();
    }
  }

  #use(path: string, flags: string): Opened {
    const opened = this.#open.get(path) ?? { handle: open(path, flags), users: 0, forgotten: false };
    this.#open.delete(path);
    this.#open.set(path, opened);
    return opened;
  }

  #trim(): void {
    if (this.#open.size <= this.#max) return;
    for (const [path, { users }] of this.#open) {
      if (users === 0) this.forget(path);
      if (this.#open.size <= this.#max) return;
    }
  }

  #close(opened: Opened): void {
    if (opened.users > 0) return;
    opened.handle.then((handle) => handle.close()).catch(() => {}); // whoever opened it was told
  }
}
