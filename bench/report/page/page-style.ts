/** Light or dark as the reader has it, and one column on a phone. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --faint: #59636e; --line: #d1d9e0; --good: #1a7f37; --bad: #cf222e; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #0d1117; --ink: #e6edf3; --faint: #9198a1; --line: #30363d; --good: #3fb950; --bad: #f85149; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; } h3 { font-size: 1rem; }
p, li { max-width: 46rem; } .faint { color: var(--faint); }
a { color: inherit; }
code, pre { font: 0.85rem/1.4 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.6rem; border: 1px solid var(--line); border-radius: 4px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; max-width: 46rem; }
dt { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.85rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.2rem 0.6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child, .words td, .words th { text-align: left; }
td.meaning { text-align: left; white-space: normal; min-width: 16rem; color: var(--faint); }
.key { display: inline-block; width: 0.8em; height: 0.8em; margin-right: 0.4em; border-radius: 2px; }
.better { color: var(--good); } .worse { color: var(--bad); }
.plot.narrow { display: none; }
@media (max-width: 820px) { .plot.wide { display: none; } .plot.narrow { display: block; }
  .words td, .words th { white-space: normal; overflow-wrap: break-word; vertical-align: top; padding: 0.2rem 0.3rem; }
  .words code { overflow-wrap: anywhere; } }
`;
