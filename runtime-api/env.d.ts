/**
 * What a bare V8 context has beyond TypeScript's `es2025`, and the types of web APIs that several
 * folders of the runtime name. Types only: the classes themselves stand in their folders.
 */

interface ErrorConstructor {
  captureStackTrace(target: object, above?: Function): void;
  prepareStackTrace?: unknown;
  stackTraceLimit: number;
}

/** The part of a stream's face that the runtime passes around; the class is in `streams/`. */
interface ReadableStream<R = unknown> {
  readonly locked: boolean;
  cancel(reason?: unknown): Promise<void>;
  getReader(): ReadableStreamDefaultReader<R>;
  tee(): [ReadableStream<R>, ReadableStream<R>];
}

interface ReadableStreamDefaultReader<R = unknown> {
  readonly closed: Promise<unknown>;
  read(): Promise<{ done: false; value: R } | { done: true; value: R | undefined }>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}
