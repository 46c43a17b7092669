/**
 * Parts of the runtime outside the image: large, and wanted by few workers. `runtime-api/parts/NAME.ts` is
 * bundled into a script of its own, made and kept with the image, whose completion value is what that file
 * exports as `part`. An isolate asks for the script (`Ask.part`) and evaluates it when the part is first
 * needed, so a part that nobody uses costs it nothing.
 */
export const PARTS = ["encodings", "multi-byte", "html-rewriter"] as const;
export type PartName = (typeof PARTS)[number];
