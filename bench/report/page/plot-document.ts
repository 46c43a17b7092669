import type { PlotOptions } from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** A document in which plots are drawn without a browser: a page holds them as they are, and needs no script. */
export const plotDocument: NonNullable<PlotOptions["document"]> = parseHTML(
  "<!doctype html><html><body></body></html>",
).document;
