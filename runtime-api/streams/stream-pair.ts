/** The two ends of a transform, as `GenericTransformStream` of the Streams standard shows them. */
export interface StreamPair {
  readonly readable: object;
  readonly writable: object;
}

/** The face of a transform's controller that transformers of the runtime use. */
export interface Enqueues<T> {
  enqueue(chunk: T): void;
}
