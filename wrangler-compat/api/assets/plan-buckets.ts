/** What goes into one request: it is held in memory, and a third larger as base64. */
const BUCKET_BYTES = 16 * 1024 * 1024;
const BUCKET_FILES = 500;

/**
 * Groups contents that are to be uploaded, each group for one request. A content larger than a group is one by itself.
 * @param sizes in bytes, by hash
 */
export function planBuckets(sizes: ReadonlyMap<string, number>): string[][] {
  const buckets: string[][] = [];
  let bucket: string[] = [];
  let sizeBytes = 0;
  for (const [hash, size] of sizes) {
    if (bucket.length > 0 && (bucket.length >= BUCKET_FILES || sizeBytes + size > BUCKET_BYTES)) {
      buckets.push(bucket);
      bucket = [];
      sizeBytes = 0;
    }
    bucket.push(hash);
    sizeBytes += size;
  }
  if (bucket.length > 0) buckets.push(bucket);
  return buckets;
}
