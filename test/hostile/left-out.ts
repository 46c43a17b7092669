/** Cases that there is nothing to run against yet, or that this host cannot have, each with the reason. */
export const LEFT_OUT: readonly { readonly number: number; readonly reason: string }[] = [
  { number: 93, reason: "there are no queues yet" },
  { number: 97, reason: "there is no analytics binding and no metrics label that a worker can choose" },
  {
    number: 120,
    reason:
      "the rules of `respondWith` are tested with the service-worker format (`test/end-to-end/deploy.test.ts`), without abuse",
  },
  { number: 128, reason: "there is no SQL binding yet" },
  { number: 130, reason: "there is no SQL binding yet" },
  { number: 131, reason: "there is no SQL binding yet" },
  { number: 135, reason: "there is no object store yet" },
  { number: 136, reason: "namespaces cannot be deleted while workers use them: a version keeps its own" },
  { number: 138, reason: "there are no queues yet" },
  { number: 139, reason: "there are no durable objects yet" },
  {
    number: 163,
    reason: "a jump of the system's clock needs a machine of its own; time limits use the monotonic clock",
  },
  { number: 171, reason: "there is no backup command yet" },
  {
    number: 173,
    reason:
      "there is no metrics endpoint or collector yet; a log sink that throws is tested in `test/meter/meter.test.ts`",
  },
];
