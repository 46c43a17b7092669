/**
 * How `install.ts` becomes the image: esbuild bundles it with `format: "iife"` and these options
 * into one classic script whose completion value is the Boot function of `boot.ts`.
 */
export const BUNDLE_OPTIONS = {
  bundle: true,
  format: "iife",
  globalName: "skerryRuntime",
  banner: { js: "(() => {" },
  footer: { js: "return skerryRuntime.boot;\n})();" },
  platform: "neutral",
  target: "es2024",
  charset: "utf8",
  legalComments: "none",
  // The build of the library that is one function: nothing of it exists until that is called.
  alias: { "web-streams-polyfill": "web-streams-polyfill/dist/ponyfill.js" },
} as const;

/**
 * How a file of `runtime-api/parts/` becomes a script (see `parts.ts`). What a part wants of the image is handed
 * to it: by way of `globalThis` it finds nothing, so that a library does not take the worker's globals for V8's.
 */
export const PART_OPTIONS = {
  bundle: true,
  format: "iife",
  globalName: "skerryPart",
  banner: { js: "(() => {const globalThis = { __proto__: null };" },
  footer: { js: "return skerryPart.part;\n})();" },
  platform: "neutral",
  conditions: ["react-native"],
  target: "es2024",
  charset: "utf8",
  legalComments: "none",
} as const;

/** File name that the image is compiled under; frames that name it are left out of stacks. */
export const IMAGE_NAME = "skerry:runtime";
