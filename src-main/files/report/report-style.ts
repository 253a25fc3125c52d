/**
 * The look of the report. Colours are pairs, light and dark, and follow the reader's system; print
 * is always light. Charts name the same variables.
 */
export const reportStyle = `
:root{color-scheme:light dark;
--canvas:light-dark(#f3f4f6,#0f1114);--panel:light-dark(#fff,#16191d);--sunken:light-dark(#f7f8f9,#121518);
--hairline:light-dark(#e9ebee,#23282e);--border:light-dark(#dcdfe4,#2c323a);--border-strong:light-dark(#868e99,#6b7480);
--ink:light-dark(#14171c,#f0f2f4);--text:light-dark(#2b3038,#d5d9de);--muted:light-dark(#5c6470,#98a1ac);
--accent:light-dark(#0b6e73,#46c2bf);--accent-soft:light-dark(#e3f1f2,#14302f);
--positive:light-dark(#b5420a,#ff9a57);--positive-mark:light-dark(#d9600f,#f58a3c);--positive-soft:light-dark(#fdeee3,#34200f);
--negative:light-dark(#3c5f87,#8db4e0);--negative-mark:light-dark(#6f93bb,#5b87ba);--negative-soft:light-dark(#e9f0f7,#17263a);
--cost:light-dark(#7a3074,#e6a3de);--cost-mark:light-dark(#82307b,#eaa9e2);
--warning:light-dark(#7d5700,#f0c04f);--warning-mark:light-dark(#c98b00,#e0ac33);--warning-soft:light-dark(#fff5da,#32280f);
--run-1:light-dark(#30363f,#e6e9ed);--run-2:light-dark(#1a76c8,#4598e6);--run-3:light-dark(#b07400,#f2c14e);
--run-4:light-dark(#a8327f,#ee86c8);--run-5:light-dark(#12875f,#3ecf97);--run-6:light-dark(#5230b8,#cdbfff)}
*,*::before,*::after{box-sizing:border-box}
html{font:13.5px/20px "Inter Variable",Inter,"Segoe UI Variable Text","Segoe UI",system-ui,-apple-system,"Noto Sans","Open Sans",sans-serif;
color:var(--text);background:var(--canvas);font-variant-numeric:tabular-nums lining-nums;text-rendering:optimizeLegibility;-webkit-text-size-adjust:100%}
body{margin:0;padding:24px 20px 48px}
h1,h2,h3,p,figure,dl,dd,ul{margin:0;padding:0}
ul{list-style:none}
code{font:.9em ui-monospace,"Cascadia Mono","SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
bdi{overflow-wrap:anywhere}
small{font-size:11.5px;line-height:15px;color:var(--muted);font-weight:400}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.paper{max-width:960px;margin:0 auto;background:var(--panel);border:1px solid var(--border);border-radius:4px;padding:40px 56px 56px;display:grid;grid-template-columns:minmax(0,1fr);gap:36px}
.meta{display:flex;flex-wrap:wrap;gap:2px 18px;font-size:11.5px;line-height:16px;color:var(--muted);border-bottom:1px solid var(--border);padding-bottom:10px;margin-bottom:-14px}
.meta span:first-child{color:var(--text);font-weight:500}
.meta span:last-child{margin-left:auto}
h1{font-size:22px;line-height:30px;letter-spacing:-.018em;font-weight:600;color:var(--ink);text-wrap:pretty;overflow-wrap:anywhere}
h1.long{font-size:18px;line-height:26px}
h2{font-size:17px;line-height:24px;letter-spacing:-.012em;font-weight:600;color:var(--ink)}
section{display:grid;grid-template-columns:minmax(0,1fr);gap:16px}
h3{font-size:14px;line-height:20px;font-weight:600;color:var(--ink);margin-top:10px}
section>h2{border-top:1px solid var(--border-strong);padding-top:12px}
.because{color:var(--muted);max-width:44em;margin-top:-14px;text-wrap:pretty}
.note{font-size:11.5px;line-height:16px;color:var(--muted);margin-top:6px;text-wrap:pretty}
.note b{color:var(--text);font-weight:500}
.figures{display:grid;grid-template-columns:1.25fr 1fr 1fr 1fr;border-block:1px solid var(--border);padding:12px 0}
.figures div{padding-right:12px}
.figures div+div{border-left:1px solid var(--hairline);padding-left:16px}
.figures b{display:block;font-size:26px;line-height:32px;font-weight:600;letter-spacing:-.02em;color:var(--ink)}
.figures div:first-child b{color:var(--cost)}
.figures span{display:block;font-size:11.5px;line-height:16px;color:var(--muted)}
.warning{background:var(--warning-soft);border-left:3px solid var(--warning-mark);border-radius:2px;padding:8px 12px;color:var(--text)}
.warning b{color:var(--warning);font-weight:600}
.columns{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:16px 32px;align-items:start}
.facts{display:grid;gap:0}
.facts div{display:grid;grid-template-columns:132px minmax(0,1fr);gap:12px;border-bottom:1px solid var(--hairline);padding:5px 0}
.facts dt{color:var(--muted);font-size:11.5px;line-height:20px}
.facts dd{color:var(--ink);overflow-wrap:anywhere}
.facts .big{font-size:22px;line-height:26px;font-weight:600;letter-spacing:-.01em;color:var(--accent)}
.facts .names{color:var(--text);font-size:12.5px;line-height:18px}
table{width:100%;border-collapse:collapse;font-size:12.5px;line-height:17px}
caption{text-align:left;font-size:13px;line-height:18px;font-weight:600;color:var(--ink);padding:0 0 4px}
th{font-weight:500;text-align:left}
thead th{font-size:11.5px;line-height:15px;color:var(--muted);padding:4px 0 4px 12px;border-bottom:1px solid var(--border-strong);vertical-align:bottom}
tbody th,td{padding:5px 0 5px 12px;border-bottom:1px solid var(--hairline);vertical-align:top}
tr>:first-child{padding-left:0}
tbody th{color:var(--ink);font-weight:400}
.number{text-align:right;white-space:nowrap}
thead .number{white-space:normal}
td.number{color:var(--ink)}
td small{display:block;white-space:nowrap}
.absent{color:var(--muted);font-size:11.5px;line-height:15px;white-space:normal}
tr.pick>*{background:var(--accent-soft)}
tr.pick>:first-child{box-shadow:-8px 0 0 var(--accent-soft),-11px 0 0 var(--accent)}
tr.pick>:last-child{box-shadow:8px 0 0 var(--accent-soft)}
tr.pick th,tr.pick td{font-weight:500}
.csv{font-size:11px;line-height:15px;text-decoration:none;border:1px solid var(--border);border-radius:3px;padding:0 5px;white-space:nowrap}
.csv:hover{border-color:var(--accent)}
.badge{font-style:normal;font-weight:500;font-size:10.5px;line-height:14px;border-radius:3px;padding:1px 5px;background:var(--accent-soft);color:var(--accent);white-space:nowrap}
tr.pick .badge{background:var(--panel)}
.badge.quiet{background:var(--sunken);color:var(--muted)}
.badge.warn{background:var(--warning-soft);color:var(--warning)}
.marker{vertical-align:-2px;margin-right:7px;overflow:visible}
.run{display:inline-block;vertical-align:top;min-width:7.5em;max-width:calc(100% - 22px)}
tbody th:has(.run){white-space:nowrap}
.run>*,.run{white-space:normal}
.run small{display:block}
.narrow table{width:auto;min-width:60%}
.folds{margin-top:14px}
.folds th,.folds td{padding-block:3px}
tr>.number:first-child{text-align:left}
.ledger table{table-layout:fixed}
.ledger th:nth-child(1){width:29%}
.ledger th:nth-child(2){width:12.5%}
.ledger th:nth-child(3){width:13.5%}
.ledger th:nth-child(4),.ledger th:nth-child(5){width:12%}
.ledger td.drawing,.ledger th.drawing{padding-left:16px}
.ledger td.drawing{vertical-align:middle;padding-block:0}
.forest{display:block;overflow:visible}
.forest .zero{stroke:var(--border-strong);stroke-width:1}
.forest-axis{display:block;overflow:visible;margin-top:1px}
.forest-axis text{font-size:10.5px;fill:var(--muted)}
.metrics .run,.receipts .run{min-width:9.5em}
.receipts tr.continued>:first-child{border-bottom-color:transparent}
.receipts td:nth-child(2){white-space:nowrap}
.receipts tbody th,.receipts td{padding-block:3px}
.receipts td,.receipts thead th:not(:first-child){padding-left:9px}
.tornado{display:block;min-width:120px}
.map table{table-layout:fixed}
.map td,.map thead th:not(:first-child){text-align:center;padding:4px 2px}
.map .key{display:inline-flex;align-items:center;margin-right:12px}
.map td small{display:inline;color:var(--ink)}
.map .of-none{background:var(--sunken)}
${[1, 2, 3, 4, 5, 6].map((run) => `.map .of-run-${run}{background:color-mix(in srgb,var(--run-${run}) 14%,var(--panel))}`).join('\n')}
.map .stated{outline:2px solid var(--accent);outline-offset:-2px}
.matrix table{table-layout:fixed}
.matrix thead th:first-child{width:24%}
.matrix td small{white-space:normal}
.matrix td{border:2px solid var(--panel);border-radius:6px;padding:8px 12px}
.matrix tbody th{border:0;vertical-align:middle;padding-right:8px}
.matrix thead th{border:0;padding-left:14px}
.matrix thead th:first-child{padding-left:0}
.matrix td b{font-size:18px;line-height:23px;font-weight:600;color:var(--ink);letter-spacing:-.01em}
.matrix th small{display:block}
.matrix .tp,.matrix .fn{background-color:var(--positive-soft)}
.matrix .fp,.matrix .tn{background-color:var(--negative-soft)}
.matrix .wrong{background-image:repeating-linear-gradient(115deg,light-dark(rgb(255 255 255/.55),rgb(0 0 0/.22)) 0 3px,transparent 3px 8px)}
.chart{min-width:0}
.chart>svg{display:block;width:100%;height:auto;overflow:visible}
.chart svg text{font-variant-numeric:tabular-nums}
figcaption{font-size:11.5px;line-height:16px;color:var(--muted);margin-bottom:4px}
figcaption b{font-size:13px;line-height:18px;font-weight:600;color:var(--ink);margin-right:4px}
.keys{display:flex;flex-wrap:wrap;gap:2px 16px;margin-top:2px;color:var(--text)}
.keys .marker{vertical-align:2px;margin-right:4px}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:20px}
.twin{font-size:11.5px;margin-top:4px}
.twin summary{color:var(--accent);cursor:pointer;width:fit-content}
.twin .table{margin-top:8px}
.scroll{max-height:320px;overflow:auto;border-block:1px solid var(--hairline);position:relative}
.scroll thead th{position:sticky;top:0;background:var(--panel)}
.scroll table{margin-right:12px;width:calc(100% - 12px)}
.downloads{display:flex;flex-wrap:wrap;gap:4px 6px;margin-top:2px}
.limits{display:grid;gap:7px;max-width:56em}
.limits li{padding-left:14px;position:relative;text-wrap:pretty;overflow-wrap:anywhere}
.limits li::before{content:"";position:absolute;left:0;top:8px;width:5px;height:5px;border-radius:50%;background:var(--border-strong)}
.limits b{color:var(--ink);font-weight:600}
.limits .serious{background:var(--warning-soft);padding:7px 12px 7px 26px;border-radius:2px}
.limits .serious::before{left:11px;top:14px;border-radius:0;transform:rotate(45deg);background:var(--warning-mark)}
@media (max-width:760px){.paper{padding:24px 20px}.columns,.pair{grid-template-columns:minmax(0,1fr)}.figures{grid-template-columns:1fr 1fr;row-gap:12px}.sheet{overflow-x:auto}}
@page{size:A4;margin:16mm 15mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);font:9px system-ui,sans-serif;color:#5c6470}}
@media print{
:root{color-scheme:light}
html{font-size:9.5pt;line-height:1.45;background:none;print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{padding:0}
.paper{display:block;border:0;border-radius:0;padding:0;max-width:none}
section{margin-top:22px}
.opening{margin-top:26px}
.csv,.twin,.downloads{display:none}
h2,h3,caption,figcaption,.because{break-after:avoid}
tr,figure,.figures,.warning,.table:not(.long),.columns,.facts div,.limits li{break-inside:avoid}
thead{display:table-header-group}
tbody tr:first-child{break-before:avoid}
table{font-size:8.4pt;line-height:1.35}
thead th,small,.note,figcaption,.facts dt{font-size:7.6pt;line-height:1.35}
.figures b{font-size:18pt;line-height:1.2}
h1{font-size:17pt;line-height:1.3}
h1.long{font-size:13.5pt}
}
`
