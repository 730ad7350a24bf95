"""How a page looks, on a light and a dark screen and on paper, and the little that moves on it."""

from html import escape

from lstmcli.errors import printable

MARK = '<meta name="generator" content="lstmcli '
"""What tells such a page from any other file of HTML; it goes on with the version."""

STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --card: #f6f8fa; --ink: #1f2328; --faint: #59636e;
  --rule: #d1d9e0; --blue: #0969da; --right: #2f81f7; --wrong: #e0701c; }
@media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --card: #151b23; --ink: #f0f6fc;
  --faint: #9198a1; --rule: #3d444d; --blue: #4493f8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 40px 24px 64px; max-width: 1040px;
  background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Helvetica, Arial, sans-serif; }
h1 { margin: 0; font-size: 28px; line-height: 1.25; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { margin: 48px 0 12px; font-size: 19px; border-bottom: 1px solid var(--rule); padding-bottom: 6px; }
h3 { margin: 28px 0 6px; font-size: 15px; }
p { margin: 6px 0 12px; }
.lead, .note { color: var(--faint); }
.note { font-size: 13px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px;
  margin: 24px 0 0; }
.tiles div { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 12px 14px; }
.tiles dt { color: var(--faint); font-size: 13px; }
.tiles dd { margin: 2px 0 0; font-size: 22px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.tiles small { display: block; color: var(--faint); font-size: 12.5px; }
.wide { overflow-x: auto; }
.wide + .wide { margin-top: 20px; }
table { border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 14px 5px 0; text-align: left; vertical-align: top; }
thead th { color: var(--faint); font-weight: 600; white-space: nowrap; }
.layers, .numbers { width: 100%; }
.layers tr + tr td, .numbers tbody td, .pairs tbody td { border-top: 1px solid var(--rule); }
.layers tbody tr:first-child td { border-top: 1px solid var(--rule); }
.layers td:nth-child(2) { font-weight: 600; }
.layers td:first-child { color: var(--faint); }
.numbers { width: auto; min-width: 40%; }
.numbers th:nth-child(n + 2), .numbers td:nth-child(n + 2) { text-align: right; padding: 5px 0 5px 28px; }
.pairs td:last-child, .pairs th:last-child { text-align: right; padding-right: 0; }
.pairs td, .pairs th { padding-right: 36px; }
.confusion { border-collapse: separate; border-spacing: 2px; }
.confusion th { font-weight: 500; color: var(--ink); max-width: 12em;
  overflow-wrap: anywhere; white-space: normal; }
.confusion th[scope=colgroup], .confusion .true { color: var(--faint); font-weight: 600; }
.confusion th, .confusion td { padding: 6px 8px; text-align: center; min-width: 42px;
  vertical-align: middle; }
.confusion th[scope=row], .confusion .true { text-align: right; padding-right: 10px; }
.confusion tbody td:not(.rim) { background: var(--card); border-radius: 4px; }
.confusion .right, .confusion .wrong { --hue: var(--right);
  background: color-mix(in srgb, var(--hue) var(--share), var(--card)) !important; }
.confusion .wrong { --hue: var(--wrong); }
.confusion .strong { color: #ffffff; font-weight: 600; }
.confusion .rim, .confusion tfoot td { color: var(--faint); font-size: 12.5px; white-space: nowrap; }
.options { columns: 2; column-gap: 48px; margin: 0; font-size: 13.5px; }
.options div { display: flex; justify-content: space-between; gap: 16px; padding: 4px 0; break-inside: avoid;
  border-bottom: 1px solid var(--rule); color: var(--faint); }
.options dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
.options .own { color: var(--ink); font-weight: 600; }
.drawing { overflow-x: auto; margin-bottom: 16px; }
.drawing svg { display: block; margin: 0 auto; }
.drawing .paper { fill: none; }
pre { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 14px 16px;
  overflow-x: auto;
  font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
summary { cursor: pointer; color: var(--blue); margin-top: 16px; }
label { font-size: 13.5px; color: var(--faint); cursor: pointer; }
#curves { height: 680px; }
.js-plotly-plot text { fill: var(--ink) !important; font-family: inherit !important; }
.js-plotly-plot .gridlayer path { stroke: var(--rule) !important; stroke-opacity: 0.6; }
.js-plotly-plot .hoverlayer .bg { fill: var(--card) !important; stroke: var(--rule) !important; }
.js-plotly-plot .modebar-btn path { fill: var(--faint) !important; }
.js-plotly-plot .modebar-group { background: transparent !important; }
@media (max-width: 640px) { .options { columns: 1; } }
@media print {
  body { max-width: none; padding: 0; font-size: 12px; }
  h2 { break-after: avoid; }
  #curves, .drawing svg, .answers, tr { break-inside: avoid; }
  #curves { height: 480px; }
  .modebar, .screen { display: none !important; }
  .drawing svg { max-width: 100%; height: auto; max-height: 900px; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""

HEIGHT, PRINT_WIDTH, PRINT_HEIGHT = 680, 700, 480
"""Pixels of the curves on a screen, and between the margins of a page of A4 or Letter."""

SCRIPT = f"""
const place = document.getElementById("curves");
const [traces, layout, config] = JSON.parse(document.getElementById("figure").textContent);
Plotly.newPlot(place, traces, layout, config);
document.getElementById("logarithmic").addEventListener("change", event =>
  Plotly.relayout(place, {{"yaxis2.type": event.target.checked ? "log" : "linear"}}));
addEventListener("beforeprint", () =>
  Plotly.relayout(place, {{width: {PRINT_WIDTH}, height: {PRINT_HEIGHT}}}));
addEventListener("afterprint", () => Plotly.relayout(place, {{width: null, height: {HEIGHT}}}));
"""


def escaped(text: str) -> str:
    """A text as a page shows it, line by line, whatever is in it."""
    return escape("\n".join(map(printable, text.split("\n"))))
