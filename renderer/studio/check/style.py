"""How the page looks, by day and by night."""

STYLE = """
:root {
  --ink: #1c2430; --soft: #5d6878; --line: #e1e5ea; --ground: #f5f7f9; --paper: #fff;
  --fail: #c62f2f; --warn: #b97700; --pass: #2b8a4b; --unknown: #6b7686; --mark: #2f6fc6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6eaf0; --soft: #9aa5b4; --line: #333b46; --ground: #1f252d; --paper: #161a20;
    --fail: #ff7b72; --warn: #e3a43a; --pass: #5fce85; --mark: #79a8f0;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.2rem 4rem; max-width: 62rem; color: var(--ink); background: var(--paper);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2.4rem 0 .6rem; }
h3 { font-size: 1rem; margin: 0; }
small, dt, .about, figcaption { color: var(--soft); font-weight: 400; }
.about { margin: .2rem 0 1.2rem; }
.verdict {
  font-size: 1.15rem; font-weight: 600; padding: .7rem 1rem;
  border-left: 5px solid; background: var(--ground);
}
.fail { color: var(--fail); }
.warn { color: var(--warn); }
.pass { color: var(--pass); }
.unknown { color: var(--unknown); }
article {
  border-top: 1px solid var(--line); padding: .9rem 0 .4rem; display: grid; grid-template-columns: 6.5rem 1fr;
}
dl { display: grid; grid-template-columns: 5.5rem 1fr; gap: .1rem .6rem; margin: .3rem 0; }
dd { margin: 0; }
.stills { display: flex; flex-wrap: wrap; gap: .5rem; margin: .5rem 0; }
figure { margin: 0; }
figure img { display: block; height: 120px; border-radius: 3px; }
figcaption { font-size: .8rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; }
td { border-top: 1px solid var(--line); padding: .3rem .6rem .3rem 0; vertical-align: top; }
td:first-child { width: 26%; }
td:nth-child(2) { width: 38%; }
li { margin: .2rem 0; }
svg { width: 100%; height: auto; font-size: 12px; }
svg text { fill: var(--soft); }
svg .ground { fill: var(--ground); }
svg .track { fill: none; stroke: var(--mark); stroke-width: 1.2; stroke-linejoin: round; }
svg .fail { fill: var(--fail); }
svg .warn { fill: var(--warn); }
svg .usable { fill: var(--pass); }
svg .gesture { fill: var(--mark); }
svg .shade { opacity: .16; }
"""
