/** The style of the pictures and of what moves them. Colour never stands alone: shapes, hatches and words say the same. */

export const VIEWS = `
.picture{display:block;max-width:none;overflow:visible}.picture text{font:12.5px system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;fill:var(--ink);font-variant-numeric:tabular-nums}
.picture .strong{font-weight:700}.picture text.bad{fill:var(--bad)}.picture .small{font-size:11.5px;fill:var(--muted)}.picture .small.bad{fill:var(--bad)}
.conflict text{paint-order:stroke;stroke:var(--ground);stroke-width:4px;stroke-linejoin:round}.conflict text.count,.axis text{stroke:none}.picture .title{font-size:13.5px}.picture .words{font-size:13.5px}.picture .words.strong{font-size:14.5px}.picture .power{font-size:10px}
.pf-ground{fill:var(--fault-soft)}.pf-line{fill:var(--fault)}.pb-line{fill:var(--bad)}.pd-line{fill:var(--muted)}
.tip{fill:var(--muted)}.tip.bad{fill:var(--bad)}
.axis .line{stroke:var(--muted);stroke-width:1.2;fill:none}.axis .tick{stroke:var(--muted)}.axis .grid{stroke:var(--grid)}.fold{stroke:var(--muted);stroke-width:1.2;fill:none}
.picture .tick-label{fill:var(--muted);font-size:11.5px}.picture .tick-label.strong{fill:var(--ink);font-size:12.5px}
.folded{fill:var(--surface)}
.mark{fill:var(--host);stroke:var(--host);stroke-width:1.6}
.mark.other{fill:var(--ground);stroke:var(--muted)}
.mark.refused{fill:var(--soft);stroke:var(--host)}
.mark.lost{fill:var(--ground);stroke:var(--host)}
.mark.lead{stroke:var(--ink);stroke-width:2.4}
.conflict .mark{fill:var(--soft);stroke:var(--host)}.conflict .mark.self{fill:var(--host)}.conflict .mark.strong{stroke-width:3;stroke:var(--ink)}
.conflict .mark.lacking{fill:var(--ground);stroke:var(--muted);stroke-dasharray:3 2.5}.conflict .mark.worst{stroke:var(--bad);stroke-width:2}
.picture .count{font-size:11.5px;font-weight:600}.picture .count.self{fill:var(--ground)}
.lockout{fill:var(--soft);stroke:var(--host);stroke-width:1.4}
.dim{stroke:var(--muted);stroke-dasharray:2 3;fill:none}
.clash{fill:url(#hatch-bad);opacity:.32}.clash-on{fill:url(#hatch-bad);stroke:var(--bad);stroke-width:2;opacity:.9}
.cross{stroke:var(--ink);stroke-width:1.8;fill:none}.cross.bad{stroke:var(--bad);stroke-width:2.2}.cross.crash{stroke:var(--bad);stroke-width:3.4}
.branch{stroke:var(--muted);stroke-width:1.6;fill:none}.arrow{fill:none;stroke-width:2.2}.arrow.bad{stroke:var(--bad)}
.conflict .root{fill:var(--soft);stroke:var(--host);stroke-width:2}
.gauge .rail{fill:var(--surface);stroke:var(--muted)}.gauge .shown{fill:var(--muted)}.gauge .need{stroke:var(--bad);stroke-width:2.5}
.no-return{stroke:var(--bad);stroke-width:2;stroke-dasharray:7 4;fill:none}
.picture .row-label{fill:var(--muted);font-size:12px}.picture .row-label.h0,.picture .row-label.h1,.picture .host-label,.picture .column-label.h0,.picture .column-label.h1,.picture .column-label.h2{fill:var(--host)}
.picture .host-label,.picture .column-label{font-weight:700;font-size:13px}
.command{fill:var(--muted);stroke:var(--ground);stroke-width:.8}.command.failed{fill:var(--bad)}
.picture .step-number{font-size:11px;font-weight:650}.step-chip{fill:var(--ground);stroke:var(--muted)}
.fault{fill:url(#hatch-fault);stroke:var(--fault);stroke-width:1.2}.fault.left-out{opacity:.12}.bolt{fill:var(--fault);stroke:var(--ground);stroke-width:3;paint-order:stroke}
.chip{fill:var(--ground);opacity:.92}.picture .fault-label,.picture .state-label{font-size:11px;font-weight:600}
.rail{stroke:var(--line);fill:none}
.shows{fill:var(--soft);stroke:var(--host);stroke-width:1}.could{fill:var(--host)}
.down{fill:url(#hatch-down);stroke:var(--muted);stroke-dasharray:3 3}
.stack{position:relative}.over{position:absolute;left:0;top:0;overflow:hidden}.cursor{stroke:var(--ink);stroke-width:2}.shade{fill:var(--veil)}
html:not(.scripted) .over,html:not(.scripted) .scripted-only{display:none}
.block{fill:var(--surface);stroke:var(--muted);stroke-width:1.3}.block.losing{fill:var(--ground);stroke-dasharray:3 2.5;stroke:var(--muted)}.forks .block.losing{fill:url(#hatch-down)}.block.skipped{fill:none;stroke-dasharray:2 3}
.picture .block-label{font-size:11.5px}
.future{opacity:.22}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;list-style:none;padding:0;margin:4px 0 8px;font-size:13px}.legend li{display:flex;gap:5px;align-items:center}
.space-time{--row:26px;min-width:calc(var(--diagram) + 480px)}
.st-head{display:grid;grid-template-columns:44px 58px var(--diagram) 1fr;align-items:center;border-bottom:1px solid var(--line);background:var(--ground);font-size:12.5px;color:var(--muted)}
.st-body{position:relative}.st-picture{position:absolute;left:102px;top:0}
.st-rows{list-style:none;padding:0;margin:0}
.st-rows>li{height:var(--row);display:grid;grid-template-columns:44px 58px var(--diagram) minmax(0,1fr);align-items:center;font-size:13.5px;cursor:pointer}
.st-rows .st-words{grid-column:4;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.st-when{font-size:12px;color:var(--muted);text-align:right;padding-right:10px}.st-when.same{visibility:hidden}
.st-rows>.lead{font-weight:650}.st-rows>.lead .st-words{color:var(--bad)}.st-rows>.refused .st-words{color:var(--ink)}
.st-rows>.failed .st-words,.st-gap .st-words{color:var(--bad)}.st-fault .st-words{font-weight:650;color:var(--fault)}.st-fold .st-words{font-style:italic;color:var(--muted)}
.exit{color:var(--muted)}.st-rows>.now{box-shadow:inset 0 -2px var(--ink)}.st-rows>.last-chance:not(.now){box-shadow:inset 0 -2px var(--bad)}
.veil{position:absolute;left:0;right:0;bottom:0;background:var(--veil);pointer-events:none}
.st-folded{fill:var(--surface)}
.lifeline{stroke:var(--line);stroke-width:1.5}.life-votes{stroke:var(--host);stroke-width:6}.life-shows{stroke:var(--host);stroke-width:3;stroke-dasharray:5 4}.life-down{stroke:var(--ground);stroke-width:4}.life-frozen{stroke:var(--muted);stroke-width:6;stroke-dasharray:2 4}
.command-way{stroke:var(--muted);stroke-width:1.1;fill:none}.command-way.back{stroke-dasharray:2 3}.command-way.failed{stroke:var(--bad)}
.st-picture .command{fill:var(--raised);stroke:var(--muted);stroke-width:1.4}.st-picture .command.failed{stroke:var(--bad)}
.vote-way{stroke:var(--host,var(--muted));stroke-width:1.4;fill:none}.vote-way.refused{stroke-dasharray:5 3}.vote-way.lead{stroke-width:2.6}.vote-way.other{stroke:var(--muted)}
.identity{stroke-width:2.5;stroke:var(--muted)}.identity.staked{stroke:var(--host)}.identity.loop{stroke-width:5}
.tower-mark{fill:var(--soft);stroke:var(--host)}.process{fill:var(--ground);stroke:var(--muted);stroke-width:1.5}
.tower-states{display:flex;flex-wrap:wrap;gap:2px 26px;font-size:13.5px;margin-bottom:6px}.state-of.holds{font-weight:650}
.towers{border-collapse:collapse;width:100%;min-width:640px;font-size:13px;table-layout:fixed}
.towers th,.towers td{padding:1px 10px;height:24px;text-align:left}
.towers .left{text-align:right}.towers .slot{width:76px;text-align:center;background:var(--surface);font-weight:600;padding:1px 4px}
.tower-head{color:var(--host);font-size:14px;border-bottom:1px solid var(--line)}.tower-head .from{display:block;color:var(--muted);font-weight:400;font-size:12.5px}
.towers .bar{display:inline-block;height:13px;width:calc(var(--count)*1.9%);min-width:3px;background:var(--soft);border:1px solid var(--host);vertical-align:-2px}
.towers .count{display:inline-block;min-width:1.9em;text-align:center;font-weight:600}
.towers .left .bar{float:right;margin:5px 0 0 2px}.towers .left .count{float:right}
.towers .through{color:var(--muted);font-size:12px}.towers .left .through{margin-right:8px}
.lacks{color:var(--bad);font-weight:650;background:var(--bad-soft)}.lacks::before{content:"✕ "}
.towers .folded td,.towers .folded th{color:var(--muted);font-weight:400;font-style:italic}.roots td,.roots th{border-top:1px solid var(--line);font-weight:400!important}
.scrubber{position:sticky;bottom:0;z-index:4;background:var(--raised);border:1px solid var(--line);border-bottom:0;border-radius:8px 8px 0 0;box-shadow:0 -4px 14px #0002;padding:7px 14px 8px;margin-top:26px}
.scrubber[hidden]{display:none}
.scrub-row{display:flex;gap:10px;align-items:center}.scrub-row+.scrub-row{margin-top:4px;justify-content:space-between}
.scrubber input{flex:1;min-width:0;height:24px;accent-color:var(--link)}
.scrubber button,.choice-switch{font:inherit;color:inherit;background:var(--surface);border:1px solid var(--muted);border-radius:5px;cursor:pointer}
.scrubber button{padding:2px 9px;font-size:13px;min-height:26px}.said{font-size:13.5px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;min-width:0;flex:1}
.jumps{display:flex;flex-wrap:wrap;gap:5px}
.choice-grid{display:grid;grid-template-columns:minmax(0,1.2fr) minmax(0,1fr);gap:16px}
.choice-list{list-style:none;padding:0;display:grid;gap:8px;align-content:start}
.choice-switch{display:flex;gap:12px;width:100%;text-align:left;padding:8px 12px;font-size:14px;align-items:flex-start}
.choice-switch:disabled{color:inherit;cursor:default}
.knob{flex:none;width:38px;height:20px;border-radius:10px;border:2px solid var(--ink);background:var(--ink);position:relative;margin-top:1px}
.knob::after{content:"";position:absolute;top:2px;right:2px;width:12px;height:12px;border-radius:50%;background:var(--ground)}
.choice-switch[aria-checked=false] .knob{background:var(--ground)}.choice-switch[aria-checked=false] .knob::after{right:auto;left:2px;background:var(--ink)}
.choice-switch[aria-checked=false]>span:last-child{text-decoration:line-through;text-decoration-color:var(--muted)}
.choice-outcome{background:var(--surface);border-radius:6px;padding:12px 16px;font-size:14px;min-width:0}
.state{font-size:18px;font-weight:680}.state.bad{color:var(--bad)}.state.good{color:var(--good)}.state.warn{color:var(--warn)}
.choice-result+.choice-result{margin-top:10px}html.scripted .choice-result{margin-top:0}
@media (min-width:1020px){.st-scroll{overflow:visible}.st-head{position:sticky;top:0;z-index:2}}
@media (max-width:620px){.towers{min-width:0;font-size:12px}.towers th,.towers td{padding:1px 5px}.towers .through{display:none}.towers .slot{width:62px}.tower-head .from{font-size:11px}.lacks{font-weight:600;font-size:11px;line-height:1.25}}
@media (max-width:760px){.choice-grid{grid-template-columns:minmax(0,1fr)}.scrub-row{flex-wrap:wrap}.scrub-row input{flex-basis:60%}.said{white-space:normal;flex-basis:100%;max-height:3em}.jumps button{padding:2px 6px;font-size:12px}}
`;
