"""How the page looks: on screen and on A4, without a file from outside."""

CSS = """
:root { color: #222; background: #fff; font: 15px/1.5 Calibri, 微软雅黑, "Microsoft YaHei", 等线, DengXian,
  "PingFang SC", "Noto Sans CJK SC", sans-serif; }
:lang(zh) { font-family: 微软雅黑, "Microsoft YaHei", 等线, DengXian, "PingFang SC", "Noto Sans CJK SC",
  Calibri, sans-serif; }
body { max-width: 980px; margin: 24px auto; padding: 0 20px; }
h1 { font-size: 24px; margin: 0; color: #1f3864; }
h2 { font-size: 17px; margin: 26px 0 8px; padding-bottom: 3px; color: #1f3864;
  border-bottom: 2px solid #1f3864; break-after: avoid; }
.about, .note, footer { color: #595959; }
.about { margin: 2px 0 18px; }
.verdict { border-left: 6px solid #1f3864; background: #eef2f9; padding: 12px 18px; }
.verdict strong { font-size: 24px; display: block; color: #1f3864; }
.verdict p { margin: 6px 0 0; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; background: #1f3864; color: #fff; padding: 5px 8px; }
td { border-bottom: 1px solid #d9d9d9; padding: 4px 8px; vertical-align: top; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.note { font-size: 13px; }
.sample { font-weight: bold; }
.live { font-weight: bold; }
.charts { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; }
.charts > * { border: 1px solid #d9d9d9; break-inside: avoid; margin: 0; padding: 6px; }
svg { width: 100%; height: auto; display: block; font-family: inherit; }
tr, .verdict { break-inside: avoid; }
thead { display: table-header-group; }
ul { margin: 6px 0; padding-left: 22px; }
footer { margin-top: 26px; padding-top: 6px; border-top: 1px solid #d9d9d9; font-size: 13px; }
@page { size: A4; margin: 14mm; }
@media (max-width: 700px) { .charts { grid-template-columns: 1fr; } }
@media print {
  :root { font-size: 10.5pt; }
  body { max-width: none; margin: 0; padding: 0; }
  table { font-size: 9.5pt; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""
