import * as Plot from "@observablehq/plot";
import { plotDocument } from "./plot-document.ts";

/** Widths in CSS pixels: of a screen, and of a phone, where a drawing that was made for a screen could not be read. */
const WIDTHS = [
  ["wide", 760],
  ["narrow", 340],
] as const;

/** Draws a plot for screens and for phones; the page shows the one that fits. */
export function bothWidths(options: (width: number) => Plot.PlotOptions): string {
  return WIDTHS.map(([name, width]) => {
    const figure = Plot.plot({
      document: plotDocument,
      width,
      // A figure of the page has its own colours, light or dark.
      style: { background: "none", color: "currentColor" },
      ...options(width),
    });
    return `<div class="plot ${name}">${figure.outerHTML}</div>`;
  }).join("\n");
}
