import type * as DigestStreams from "./digest-stream.ts";
import type * as Methods from "./subtle/methods.ts";

/** Evaluates the parts of Web Crypto that most workers never need. */
export interface CryptoLoaders {
  readonly methods: () => typeof Methods;
  readonly digestStream: () => typeof DigestStreams;
}

let loaders: CryptoLoaders | undefined;

/** Says how to evaluate the parts when they are first needed. */
export function setCryptoLoaders(given: CryptoLoaders): void {
  loaders = given;
}

/** What works with keys. */
export function cryptoMethods(): typeof Methods {
  return (loaders as CryptoLoaders).methods();
}

export function digestStreamPart(): typeof DigestStreams {
  return (loaders as CryptoLoaders).digestStream();
}
