/** The style sheet: light and dark by the reader's setting, one column on a small screen, and paper. */
import { VIEWS } from './style-views.ts';

const LIGHT = `--ground:#ffffff;--surface:#f5f6f8;--raised:#ffffff;--ink:#15181e;--muted:#545c6b;--line:#d3d8e0;--grid:#e7eaef;
--h0:#1a5fc4;--h0-soft:#dbe8fb;--h1:#b1470c;--h1-soft:#fbe5d6;--h2:#1b7a4b;--h2-soft:#d9f0e3;--h3:#7a3fb0;--h3-soft:#ecdffa;
--bad:#b5122f;--bad-soft:#fde5e8;--good:#17703a;--good-soft:#def3e5;--warn:#815300;--warn-soft:#fdf0d3;--fault:#6d4aa8;--fault-soft:#ece4f8;--veil:#ffffff99;--link:#0b57c2`;

const DARK = `--ground:#0f1218;--surface:#171b23;--raised:#1c212b;--ink:#e9ecf2;--muted:#a5aebd;--line:#363e4c;--grid:#262c37;
--h0:#7db3ff;--h0-soft:#1d3355;--h1:#ffab76;--h1-soft:#4b2c17;--h2:#6fd5a0;--h2-soft:#173d2a;--h3:#cfa8ff;--h3-soft:#382353;
--bad:#ff8091;--bad-soft:#471a22;--good:#6fd593;--good-soft:#173820;--warn:#ecbb5c;--warn-soft:#3d2e10;--fault:#c4a5f5;--fault-soft:#32264a;--veil:#0f1218a6;--link:#8ab8ff`;

const PAGE = `
*{box-sizing:border-box}
html{scroll-padding:5rem 0 9rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;font-variant-numeric:tabular-nums}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.9em}
h1,h2,h3,p,ul,ol,figure{margin:0}
ul,ol{padding-left:1.2em}
a{color:var(--link);text-underline-offset:2px}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
.quiet{color:var(--muted)}.small{font-size:.86em}.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.defs{position:absolute}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--ground);padding:8px;z-index:9}
.top{display:flex;flex-wrap:wrap;gap:4px 24px;align-items:baseline;padding:10px max(20px,calc((100vw - 1240px)/2));border-bottom:1px solid var(--line)}
.brand b{font-size:17px;letter-spacing:-.01em}
.top nav{display:flex;flex-wrap:wrap;gap:2px 18px}
main,footer{max-width:1280px;margin:0 auto;padding:0 20px}
.verdict{padding:14px 0 2px}
h1{font-size:19px;font-weight:500;line-height:1.35;display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline}
h1 .word{font-weight:750;letter-spacing:.04em;font-size:16px;padding:2px 12px;border-radius:4px;background:var(--good);color:var(--ground)}
.violated .word,.not-as-expected .word{background:var(--bad)}.unknown .word{background:var(--warn)}
.meta{margin-top:2px;font-size:13.5px}.problem{color:var(--bad);font-weight:600}
.chooser{margin:6px 0 0;font-size:13.5px}.chooser summary{color:var(--link)}.chooser ol{margin:4px 0 6px;max-height:40vh;overflow:auto;padding-left:2.2em}.chooser li{padding:1px 0}
.chooser a[aria-current]{font-weight:700;background:var(--ink);color:var(--ground);border-radius:3px;padding:0 4px}
.story-head{padding:10px 0 0}
.kicker{font-size:13.5px}.kicker .kind{font-weight:700;color:var(--warn);text-transform:uppercase;letter-spacing:.06em;font-size:12px}.kicker.violation .kind{color:var(--bad)}
.headline{font-size:25px;line-height:1.25;font-weight:680;letter-spacing:-.012em;margin:3px 0 12px;max-width:64ch;text-wrap:pretty}
.head-grid{display:grid;grid-template-columns:minmax(0,1fr) 340px;gap:18px 24px}
.head-grid>*{min-width:0}
.votes{display:grid;grid-template-columns:1fr 1fr;gap:14px}
.vote-card{border:1px solid var(--line);border-left:5px solid var(--host);border-radius:5px;padding:8px 12px;background:var(--raised);min-width:0}
.vote-card.h1{border-left-style:double;border-left-width:7px}
.vote-card h3{font-size:15px;display:flex;gap:6px;align-items:center}.vote-card .of{font-weight:450}
.vote-card p{font-size:13.5px;line-height:1.42}
.vote-card .line{margin-top:3px}.vote-card .line code{display:block;overflow-wrap:anywhere;background:var(--surface);padding:3px 7px;border-radius:4px;font-size:12.5px}
.arithmetic{margin-top:14px}.arithmetic .narrow{display:none}
figcaption{font-size:13.5px;margin-top:4px}
.arithmetic-lines{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12.5px;padding:6px 0 0 1.6em;line-height:1.6}
summary{cursor:pointer}summary h3{display:inline}
.head-side{display:grid;gap:12px;align-content:start}
.box{background:var(--surface);border-radius:6px;padding:10px 14px;font-size:14px;min-width:0}
.box h3{font-size:12.5px;text-transform:uppercase;letter-spacing:.055em;color:var(--muted);font-weight:650;margin-bottom:3px}
.box .big{font-size:20px;font-weight:650;line-height:1.25}.box .big .quiet{font-size:14px;font-weight:400}
.box p+p,.box ul+p{margin-top:5px}.box li+li{margin-top:3px}
.no-return-box{border-left:4px dashed var(--bad);border-radius:0 6px 6px 0}
.warn-box{border-left:4px solid var(--warn);border-radius:0 6px 6px 0}
.command-line code{display:block;overflow-wrap:anywhere;font-size:12px;line-height:1.4}
.h0{--host:var(--h0);--soft:var(--h0-soft)}.h1{--host:var(--h1);--soft:var(--h1-soft)}.h2{--host:var(--h2);--soft:var(--h2-soft)}.h3{--host:var(--h3);--soft:var(--h3-soft)}.hx{--host:var(--ink);--soft:var(--surface)}
b.h0,b.h1,b.h2,b.h3,.on.h0,.on.h1{color:var(--host)}
.part,.view{margin-top:34px}.part>h2,.view>h3{font-size:19px;line-height:1.3;letter-spacing:-.005em}
.part>h2{border-top:1px solid var(--line);padding-top:18px;margin-bottom:8px;font-size:21px}
.view>p{max-width:110ch;font-size:14px;margin:2px 0 8px}
.scroll{overflow-x:auto;overflow-y:hidden;max-width:100%}
.empty{padding:26px 0;max-width:70ch}
.causes{border-top:1px solid var(--line);padding:8px 0}.causes summary h3{font-size:16px}
.cause-table{border-collapse:collapse;width:100%;min-width:620px;font-size:13.5px;margin-top:6px}
.cause-table th,.cause-table td{text-align:left;padding:4px 14px 4px 0;vertical-align:top;border-bottom:1px solid var(--grid)}
.cause-table thead th{color:var(--muted);font-weight:550;font-size:12.5px}
.cause-table td:first-child,.cause-table td:nth-child(2){white-space:nowrap}
.mechanism th{padding-top:10px;font-weight:600}
.number{text-align:right!important;padding-right:22px!important}
.kinds{display:inline-block;margin-right:10px}.waived{color:var(--warn)}.unmet td{background:var(--bad-soft)}
.runbook{list-style:none;padding:0;display:grid;gap:10px;margin-top:12px}
.runbook>li{border:1px solid var(--line);border-left:4px solid var(--line);border-radius:5px;padding:8px 14px;min-width:0}
.runbook>.failing{border-color:var(--bad);border-left-width:8px;background:var(--bad-soft)}
.step-head{display:flex;flex-wrap:wrap;gap:2px 12px;align-items:baseline}
.step-head .n{font-weight:700;min-width:1.2em}.ran{font-size:13px;color:var(--muted)}.ran.failed{color:var(--bad);font-weight:650}
.runbook .failing .quiet,.runbook .failing .ran,.runbook .failing .on{color:var(--ink)}
.runbook pre{margin:5px 0;white-space:pre-wrap;overflow-wrap:anywhere;background:var(--surface);padding:6px 10px;border-radius:4px;line-height:1.45}
.why{font-size:14px}
.flag{color:var(--bad);font-weight:700;font-size:13px}
.flag::before{content:"▲ "}
.coverage{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(330px,100%),1fr));gap:14px}
footer{border-top:1px solid var(--line);margin-top:40px;padding-top:14px;padding-bottom:30px;font-size:13.5px}
@media (max-width:1000px){.head-grid{grid-template-columns:minmax(0,1fr)}.head-side{grid-template-columns:repeat(auto-fit,minmax(min(260px,100%),1fr))}}
@media (max-width:860px){.arithmetic .wide{display:none}.arithmetic .narrow{display:block}.arithmetic .narrow svg{width:100%;max-width:480px;height:auto}}
@media (max-width:620px){main,footer{padding:0 14px}.top{padding:8px 14px}.votes{grid-template-columns:minmax(0,1fr);gap:8px}.headline{font-size:20px}h1{font-size:16px}.vote-card .line{display:none}}
@media print{
:root{${LIGHT}}
@page{margin:12mm}html{scroll-padding:0}body{font-size:11px}.view>p,.vote-card p,.box,.why,.choice-outcome,.choice-switch{font-size:11px}.space-time{min-width:0}.st-rows>li{font-size:10.5px}
.top nav,.chooser,.skip,.scrubber,.veil,.over,.choice-switch .knob{display:none!important}
.story[hidden]{display:none}
.head-grid{grid-template-columns:minmax(0,1fr) 220px}.headline{font-size:18px}.arithmetic .wide{display:block}.arithmetic .narrow{display:none}.arithmetic .wide svg{width:100%;height:auto}
.scroll{overflow:visible}.scroll svg.bands,.scroll svg.forks{width:100%;height:auto}.stack{width:100%!important}
.vote-card,.box,.runbook>li,.arithmetic,tr{break-inside:avoid}h2,h3{break-after:avoid}
.future{opacity:1!important}
.choice-result[hidden]{display:block!important}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}`;

export const STYLE = `:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
${PAGE}${VIEWS}`;
