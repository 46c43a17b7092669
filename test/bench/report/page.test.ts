import { test } from "uvu";
import * as assert from "uvu/assert";
import { reportPage } from "../../../bench/report/page/page.ts";
import { summarizeRun } from "../../../bench/report/summary.ts";
import { openBrowser } from "./open-browser.ts";
import { ownRecords, runRecords } from "./run-records.ts";

const RECORDS = runRecords({ skerry: 500, "skerry-again": 500, workerd: 1_000, smallest: 400 });
const PAGE = reportPage(summarizeRun([...RECORDS, ...ownRecords("skerry")]));

test("the page needs nothing from elsewhere, and shows names as they are", () => {
  assert.not.match(PAGE, /<script|<link|src=|url\(http/);
  assert.match(PAGE, "2 x &lt;fast&gt;");
  assert.match(PAGE, "skerry &amp; Co.");
  assert.match(PAGE, "it &lt;b&gt;ended&lt;/b&gt;");
  assert.match(PAGE, "package &lt;zod&gt;");
});

test("the page of a worker has what it is made of, advice, and cold starts by phase", () => {
  assert.match(PAGE, "<title>Skerry: &lt;shop&gt; measured</title>");
  assert.match(PAGE, "What its cold start is made of");
  assert.match(PAGE, "It is not minified");
  assert.match(PAGE, /<td>evaluate<\/td><td>100 us<\/td><td>100 us<\/td>/);
  // Nine phases of 100 us are not all of 1,500.
  assert.match(PAGE, /<td>the rest<\/td><td>600 us<\/td><td>600 us<\/td>/);
});

test("in a browser it is readable on a screen and on a phone, in light and in dark", async () => {
  const opened = await openBrowser();
  // A machine without the libraries that a browser needs can still run all other tests.
  if ("missing" in opened) return console.log(`not checked in a browser: ${opened.missing}`);
  const { browser, end } = opened;
  try {
    for (const [width, shown, hidden] of [
      [1_200, "wide", "narrow"],
      [390, "narrow", "wide"],
    ] as const) {
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
        const problems: string[] = [];
        page.on("console", (message) => problems.push(message.text()));
        page.on("pageerror", (error) => problems.push(String(error)));
        await page.setContent(PAGE);
        assert.equal(problems, []);
        assert.is(await page.locator(`.plot.${shown}`).first().isVisible(), true);
        assert.is(await page.locator(`.plot.${hidden}`).first().isVisible(), false);
        // Tables scroll by themselves: the page as a whole is never wider than the screen.
        assert.ok(((await page.evaluate("document.documentElement.scrollWidth")) as number) <= width);
        // What is told in words is read without that: the verdict of an aim stands last.
        const beyond = await page.evaluate(
          "[...document.querySelectorAll('.words')].filter((one) => one.scrollWidth > one.parentElement.clientWidth).length",
        );
        assert.is(beyond, 0);
        const [ink, paper] = (await page.evaluate(
          "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]",
        )) as [string, string];
        assert.is(brightness(paper) > brightness(ink), colorScheme === "light");
        assert.ok((await page.locator(`.plot.${shown} svg path`).count()) > 4);
        await page.close();
      }
    }
  } finally {
    await end();
  }
});

function brightness(color: string): number {
  return (color.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
}

test.run();
