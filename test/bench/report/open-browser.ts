import chromium from "@sparticuz/chromium";
import { type Browser, chromium as browsers } from "playwright-core";

/** Tests run as root in containers too, where Chromium's own sandbox does not start; the page is ours. */
const ARGS = ["--no-sandbox", "--no-zygote", "--disable-gpu"];

/** Opens a Chromium that npm brought along, or says what this machine lacks for it. */
export async function openBrowser(): Promise<{ browser: Browser } | { missing: string }> {
  try {
    const executablePath = await chromium.executablePath();
    return { browser: await browsers.launch({ executablePath, args: ARGS, headless: true }) };
  } catch (error) {
    return { missing: String(error).split("\n").slice(0, 3).join(" ") };
  }
}
