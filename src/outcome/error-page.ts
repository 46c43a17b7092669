import type { FlatHeaders } from "../../runtime-api/contract/flat.ts";

/** An answer that the host gives in place of a worker. */
export interface ErrorPage {
  readonly status: number;
  readonly statusText: string;
  readonly headers: FlatHeaders;
  readonly body: string;
}

/**
 * Makes the page that a client sees when no worker could answer. The text never holds anything of a
 * tenant's error: that goes to his logs.
 *
 * @param status HTTP status.
 * @param code Cloudflare's error number (1101 worker threw, 1102 limit met, 1019 loop …); null if there is none.
 * @param title What happened, in a few words.
 * @param detail One sentence more, or the empty string.
 * @param accept The client's `Accept` header: HTML is given only where it is asked for by name.
 */
export function errorPage(
  status: number,
  code: number | null,
  title: string,
  detail: string,
  accept = "",
): ErrorPage {
  const html = accept.includes("text/html");
  const name = code === null ? `Error ${status}` : `Error ${code}`;
  const type = html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
  return {
    status,
    statusText: "",
    headers: `content-type\n${type}\ncache-control\nno-store\nx-content-type-options\nnosniff`,
    body: html ? htmlPage(name, title, detail) : textPage(name, title, detail),
  };
}

function textPage(name: string, title: string, detail: string): string {
  return detail === "" ? `${name}: ${title}\n` : `${name}: ${title}\n${detail}\n`;
}

function htmlPage(name: string, title: string, detail: string): string {
  const heading = `${escapeHtml(name)}: ${escapeHtml(title)}`;
  const paragraph = detail === "" ? "" : `<p>${escapeHtml(detail)}</p>\n`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${heading}</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 1rem }</style>
<h1>${heading}</h1>
${paragraph}</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
