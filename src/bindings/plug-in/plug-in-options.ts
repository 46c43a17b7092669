/** A binding that a handler of the embedder answers; see `HostOptions.bindings`. */
export interface PlugInBindingOptions {
  readonly binding: string;
  /** As `metadata.bindings` of an upload calls it, such as `send_email` or `ai`. */
  readonly type: string;
  /** What the handler is told of the binding: plain JSON, such as `{ dataset: "visits" }`. @default {} */
  readonly config?: Readonly<Record<string, unknown>>;
}
