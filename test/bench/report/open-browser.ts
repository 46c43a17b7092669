import chromium from "@sparticuz/chromium";
import { type Browser, chromium as browsers } from "playwright-core";

/** Tests run as root in containers too, where Chromium's own sandbox does not start; the page is ours. */
const ARGS = ["--no-sandbox", "--no-zygote", "--disable-gpu"];

/** A browser, and what ends it for good. */
export interface OpenBrowser {
  readonly browser: Browser;
  end(): Promise<void>;
}

/** Opens a Chromium that npm brought along, or says what this machine lacks for it. */
export async function openBrowser(): Promise<OpenBrowser | { missing: string }> {
  try {
    const executablePath = await chromium.executablePath();
    const server = await browsers.launchServer({ executablePath, args: ARGS, headless: true });
    const browser = await browsers.connect(server.wsEndpoint());
    const end = async (): Promise<void> => {
      await browser.close();
      // Closing asks: a browser on a busy machine, or a child that it leaves behind, holds its pipes open for long.
      await server.kill();
      const { stdin, stdout, stderr, stdio } = server.process();
      for (const pipe of [stdin, stdout, stderr, ...stdio]) pipe?.destroy();
    };
    return { browser, end };
  } catch (error) {
    return { missing: String(error).split("\n").slice(0, 3).join(" ") };
  }
}
