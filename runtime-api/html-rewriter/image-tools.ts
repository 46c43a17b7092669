import type { ByteController } from "../streams/bytes-stream.ts";

/** The exports of the rewriter's binary. */
export type RewriterExports = Readonly<Record<string, (...args: number[]) => number>>;

/** What is made of a response that is about to be rewritten: its body is used up. */
export interface RewriterSource {
  /** Reads the next bytes of the body. */
  read(): Promise<{ done: boolean; value: unknown }>;
  cancel(reason: unknown): Promise<void>;
  /**
   * Makes UTF-8 text of a body in another encoding, piece by piece; the last call is without bytes. Undefined where
   * the body is UTF-8 already.
   */
  readonly decode: ((bytes: Uint8Array | undefined) => string) | undefined;
  /** The response with another body. */
  respond(stream: StreamSource): object;
}

/** What a stream of bytes is made of. */
export interface StreamSource {
  pull(controller: ByteController): Promise<void>;
  cancel(reason: unknown): Promise<void>;
}

/**
 * What the rewriter, which is a part outside the image, gets of the image. Whatever streams, bodies, questions and
 * accounts are made of stays there.
 */
export interface ImageTools {
  utf8Encode(text: string): Uint8Array<ArrayBuffer>;
  utf8Decode(bytes: Uint8Array): string;
  /** Makes an instance of the rewriter's binary, whose memory counts. Throws where that would be too much. */
  instantiate(imports: object): { readonly exports: RewriterExports; memory(): ArrayBuffer };
  /**
   * Uses up the body of a response; undefined where it has none.
   * @throws TypeError if the value is no Response, its body was read or is locked, or its encoding is not known
   */
  take(response: unknown): RewriterSource | undefined;
  /** Whether the value is a ReadableStream or a Response. */
  isStreaming(value: unknown): boolean;
  closeStream(controller: ByteController): void;
}
