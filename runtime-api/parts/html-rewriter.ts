import { makeHTMLRewriter } from "../html-rewriter/html-rewriter.ts";

/** The class `HTMLRewriter`, made of what the image hands to it. */
export const part = { makeHTMLRewriter };
