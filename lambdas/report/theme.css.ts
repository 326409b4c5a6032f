import { html } from './html.ts';

/** Colours by meaning. Risk is told by words and place as well as by colour. */
const colours = html`
:root{
--paper:#faf8f5;--card:#fff;--ink:#1f1b16;--muted:#6a6258;--line:#e6e0d8;--soft:#f2eee8;
--accent:#0b6b62;--on-accent:#fff;--dot:#a2470f;--high:#b3261e;--medium:#c98a0c;--low:#7d9a8c;
--high-soft:#fae4e1;--medium-soft:#fbeed0;--low-soft:#e4ece7;
--good:#d9ece4;--fresh:#dcebf5;--wavering:#fbeed0;--risk:#fae0db;--gone:#ece8e2;
--meter:rgba(31,27,22,.28)}
@media screen and (prefers-color-scheme:dark){:root{
--paper:#161412;--card:#1e1b19;--ink:#f1ece4;--muted:#aaa196;--line:#37322d;--soft:#262320;
--accent:#5fc2b3;--on-accent:#0d1f1c;--dot:#f0a36b;--high:#f0786d;--medium:#e0ac3f;--low:#6f8f80;
--high-soft:#4a2420;--medium-soft:#453612;--low-soft:#26332d;
--good:#1d3b33;--fresh:#1c3344;--wavering:#43361a;--risk:#4a2823;--gone:#2c2926;
--meter:rgba(241,236,228,.3)}}
`;

const type = html`
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Thai","Noto Sans SC",sans-serif;
font-variant-numeric:tabular-nums lining-nums}
header,main,footer{max-width:1080px;margin:0 auto;padding:0 24px}
header{padding-top:40px}
h1{font:600 clamp(30px,5.5vw,46px)/1.12 "Iowan Old Style","Palatino Linotype",Palatino,Georgia,"Noto Serif",serif;
letter-spacing:-.015em;margin:0 0 8px;text-wrap:balance}
h2{font:600 26px/1.2 "Iowan Old Style","Palatino Linotype",Palatino,Georgia,"Noto Serif",serif;letter-spacing:-.01em;margin:0 0 20px}
.shop{margin:0 0 10px;color:var(--accent);font-weight:600;letter-spacing:.02em}
.scope{margin:0;color:var(--muted);max-width:68ch}
p{margin:0 0 12px;max-width:72ch}
small{font-size:13px;color:var(--muted);font-weight:400;letter-spacing:0}
code{font:13px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
a{color:var(--accent)}
nav{display:flex;flex-wrap:wrap;gap:4px 18px;margin-top:22px;padding:12px 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
nav a{font-size:14px;text-decoration:none;padding:2px 0}
nav a:hover{text-decoration:underline}
section{padding:44px 0 8px;scroll-margin-top:8px}
section+section{border-top:1px solid var(--line);margin-top:36px}
footer{padding-top:28px;padding-bottom:48px;color:var(--muted);font-size:13px;overflow-wrap:anywhere}
.missing{color:var(--muted)}
.empty{padding:18px 20px;background:var(--soft);border-radius:10px}
ul.small{padding-left:18px;margin:4px 0 20px;color:var(--muted);font-size:14px;max-width:80ch}
.remarks{padding-left:18px;margin:0 0 28px;font-size:15px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
`;

const tiles = html`
.tiles{display:grid;grid-template-columns:repeat(3,1fr);gap:1px;margin:0 0 28px;background:var(--line);border:1px solid var(--line);border-radius:14px;overflow:hidden}
.tile{background:var(--card);padding:20px 22px 18px}
.tile dt{font-size:14px;color:var(--muted)}
.tile dd{margin:0}
.figure{font-size:clamp(26px,3.4vw,36px);line-height:1.2;font-weight:640;letter-spacing:-.02em;margin:2px 0 6px!important}
.alarm .figure{color:var(--high)}
.note{font-size:13.5px;line-height:1.4;color:var(--muted)}
.note+.note{margin-top:6px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:28px}
.pair figure{min-width:0}
.pair svg.wide{display:none}
.pair svg.narrow{display:block}
.evidence{display:grid;grid-template-columns:1fr 1fr;gap:28px}
.lead{font-weight:600;margin-bottom:4px}
.evidence p{font-size:15px}
.quote{color:var(--muted);border-left:2px solid var(--line);padding-left:12px}
.terms{display:grid;grid-template-columns:1fr 1fr;gap:14px 32px;margin:0 0 32px;font-size:14.5px}
.terms dt{font-weight:600}
.terms dd{margin:0;color:var(--muted)}
`;

const tables = html`
.scroll{overflow-x:auto;margin:0 0 28px}
.cards{margin:0 0 28px}
table{border-collapse:collapse;width:100%;font-size:14.5px}
caption,figcaption{text-align:left;font-weight:600;font-size:16px;padding:0 0 10px}
caption>span{display:block;position:sticky;left:0;width:fit-content;max-width:calc(100vw - 32px)}
caption small,figcaption small{display:block;max-width:104ch;margin-top:2px}
th,td{padding:8px 12px 8px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:13px;font-weight:500;color:var(--muted);vertical-align:bottom;border-bottom-color:var(--muted)}
tbody th{font-weight:600}
tbody th small,tfoot th small,.num small{display:block}
.num{text-align:right;white-space:nowrap}
th.num{white-space:normal}
tfoot th,tfoot td{font-weight:600;border-bottom:0}
#customers td ul{margin:0;padding:0;list-style:none}
#customers td li+li{margin-top:2px}
#customers td small{white-space:nowrap}
#customers td:nth-child(6){width:32%}
#customers td:nth-child(7){min-width:124px}
#definitions tbody code,#watch tbody code{white-space:nowrap}
.id{font:600 13px/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere;text-decoration:none}
abbr.id{white-space:nowrap}
.hold{color:var(--high);font-weight:600}
.chip{display:inline-block;font-size:12px;line-height:1.5;font-weight:600;padding:1px 8px;border-radius:99px;background:var(--soft);color:var(--ink);white-space:nowrap}
.chip.band-high,.chip.failed,.chip.alarm{background:var(--high-soft)}
.chip.band-medium,.chip.warned{background:var(--medium-soft)}
.chip.band-low,.chip.passed,.chip.steady,.chip.seasonal{background:var(--low-soft)}
details{margin:0 0 28px}
summary{cursor:pointer;color:var(--accent);font-size:14.5px;padding:4px 0 12px}
`;

const charts = html`
figure{margin:0 0 28px}
svg{display:block;width:100%;height:auto;overflow:visible}
svg.narrow{display:none}
svg text{font-family:inherit;fill:var(--ink)}
.tick,.axis{font-size:12px;fill:var(--muted)!important}
.grid{stroke:var(--line)}
.bar{fill:var(--accent)}
.bar.censored{fill-opacity:.4}
.bar-value{font-size:12px;font-weight:600;fill:var(--on-accent)!important}
.censored+.bar-value{fill:var(--ink)!important}
.line{fill:none;stroke:var(--dot);stroke-width:1.5}
.dot{fill:var(--dot);stroke:var(--paper);stroke-width:1.5}
.hatch{stroke:var(--muted);stroke-width:1.2;stroke-opacity:.55}
rect.running{stroke:var(--line)}
rect.band-high{fill:var(--high)}
rect.band-medium{fill:var(--medium)}
rect.band-low{fill:var(--low)}
.line.curve{stroke:var(--accent);stroke-width:2}
.cut{stroke:var(--ink);stroke-dasharray:3 3}
.cut-label{font-size:12px;font-weight:600}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px;color:var(--muted);margin:8px 0 24px;max-width:none}
.legend>span{display:inline-flex;align-items:center;gap:7px}
.key{width:14px;height:12px;border-radius:2px;flex:none}
.bar-key{background:var(--accent)}
.censored-key{background:var(--accent);opacity:.4}
.dot-key{width:10px;height:10px;border-radius:50%;background:var(--dot)}
.running-key,td.running{background-image:repeating-linear-gradient(45deg,transparent 0 3px,color-mix(in srgb,currentColor 42%,transparent) 3px 4px)}
.running-key{border:1px solid var(--line)}
`;

const maps = html`
.heat{font-size:13px;width:auto;min-width:100%;border-collapse:separate;border-spacing:2px}
.heat th,.heat td{border:0;padding:4px 3px;text-align:center;min-width:30px;border-radius:3px}
.heat thead th{color:var(--muted);font-weight:500;font-size:12px;vertical-align:bottom}
.heat thead th.over{text-align:left}
.heat th[scope=row],.heat thead th[rowspan]:first-child{position:sticky;left:0;background:var(--paper);text-align:left;white-space:nowrap;font-weight:500;padding-right:8px;border-radius:0}
.heat .size{text-align:right;padding-right:10px;color:var(--muted)}
.heat abbr{text-decoration:none;color:var(--dot)}
.h0{background-color:color-mix(in srgb,var(--accent) 4%,var(--card))}
.h1{background-color:color-mix(in srgb,var(--accent) 10%,var(--card))}
.h2{background-color:color-mix(in srgb,var(--accent) 16%,var(--card))}
.h3{background-color:color-mix(in srgb,var(--accent) 23%,var(--card))}
.h4{background-color:color-mix(in srgb,var(--accent) 30%,var(--card))}
.h5{background-color:color-mix(in srgb,var(--accent) 38%,var(--card))}
.h6{background-color:color-mix(in srgb,var(--accent) 46%,var(--card))}
.h7{background-color:color-mix(in srgb,var(--accent) 86%,var(--card));color:var(--on-accent)}
.h8{background-color:color-mix(in srgb,var(--accent) 93%,var(--card));color:var(--on-accent)}
.h9{background-color:var(--accent);color:var(--on-accent)}
.rfm{table-layout:fixed;border-collapse:separate;border-spacing:3px;margin:0 -3px 28px;width:calc(100% + 6px)}
.rfm caption{padding-left:3px}
.rfm th,.rfm td{border:0}
.rfm th{color:var(--muted);font-size:13px;font-weight:500;padding:4px;text-align:center;vertical-align:middle}
.rfm th[scope=row],.rfm thead td{width:34px;padding:0}
.rfm tbody td{position:relative;height:86px;padding:10px 12px 14px;border-radius:8px;overflow:hidden}
.rfm .count{font-weight:640;font-size:18px;letter-spacing:-.01em}
.rfm .part{font-size:13px;color:var(--muted)}
.rfm .name{display:block;font-size:13px;line-height:1.3;overflow-wrap:break-word;hyphens:auto}
.rfm .meter{position:absolute;left:0;bottom:0;height:4px;background:var(--meter)}
.good{background:var(--good)}
.fresh{background:var(--fresh)}
.wavering{background:var(--wavering)}
.risk{background:var(--risk)}
.gone{background:var(--gone)}
`;

const narrow = html`
@media (max-width:900px){.tiles{grid-template-columns:1fr 1fr}}
@media screen and (max-width:720px){
header,main,footer{padding-left:16px;padding-right:16px}
header{padding-top:28px}
section{padding-top:32px}
.pair,.evidence,.terms{grid-template-columns:1fr;gap:16px}
.tile{padding:14px 14px 12px}
.figure{font-size:24px}
.note{font-size:13px}
svg.wide{display:none}
svg.narrow{display:block}
.rfm{border-spacing:2px;margin:0 -2px 28px;width:calc(100% + 4px)}
.rfm tbody td{height:88px;padding:6px 4px 10px 5px;border-radius:6px}
.rfm .count{display:block;font-size:15px}
.rfm .part{font-size:12px}
.rfm .name{font-size:10px;letter-spacing:-.01em}
.rfm th[scope=row],.rfm thead td{width:22px}
.cards table,.cards tbody,.cards tfoot,.cards tr,.cards caption,.cards th,.cards td{display:block;width:auto}
.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.cards tr{border-top:1px solid var(--muted);padding:10px 0}
.cards th,.cards td{border:0;padding:2px 0;text-align:left;white-space:normal}
.cards td.blank{display:none}
.cards td{display:flex;gap:10px}
.cards td>div{flex:1;min-width:0}
.cards td::before{content:attr(data-label);flex:0 0 104px;color:var(--muted);font-size:13px;font-weight:400;line-height:1.65}
.cards .id{font-size:15px}
#customers td:nth-child(n){width:auto;min-width:0}
.scroll table:not(.heat){font-size:13.5px}
.scroll table:not(.heat) :is(th,td):not(:last-child){padding-right:9px}
.scroll tbody th{min-width:92px}
.heat tbody th{min-width:0}
}
@media (max-width:340px){.tiles{grid-template-columns:1fr}}
`;

const paper = html`
@page{size:A4;margin:14mm 13mm}
@media print{
:root{--paper:#fff;--card:#fff}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{font-size:10.5pt}
header,main,footer{max-width:none;padding:0}
nav{display:none}
section{padding-top:16pt}
section+section{margin-top:16pt}
.tiles{grid-template-columns:repeat(3,1fr)}
.tile{padding:9pt 11pt}
.figure{font-size:19pt}
.note,small,thead th{font-size:8.5pt}
table{font-size:9pt}
thead{display:table-header-group}
tr,figure,.tile,.rfm,.terms div{break-inside:avoid}
h2,caption,figcaption{break-after:avoid}
.scroll{overflow:visible}
.heat{font-size:6.4pt;border-spacing:1px;width:100%}
.heat th,.heat td{min-width:0;padding:2pt 0}
.heat thead th{font-size:6.4pt}
.heat .size{padding-right:3pt}
.heat th[scope=row],.heat thead th[rowspan]:first-child{position:static;padding-right:2pt}
.rfm tbody td{height:48pt;padding:5pt 6pt 8pt}
.rfm .count{font-size:12pt}
.rfm .name,.rfm .part{font-size:8pt}
details{display:none}
#customers{break-before:page}
#customers table{font-size:8.2pt}
#customers th,#customers td{padding:4pt 7pt 4pt 0}
#customers small,#customers .chip,#customers .id{font-size:7.6pt}
#customers td:nth-child(6){width:38%}
#customers td:nth-child(7){width:14%;min-width:0}
tbody code{font-size:7.6pt}
.heat,.legend{break-inside:avoid}
caption>span{position:static;max-width:none}
}
`;

/** The style of the page: light, dark, narrow and on paper. */
export const stylesheet = html`${[colours, type, tiles, tables, charts, maps, narrow, paper]}`;
