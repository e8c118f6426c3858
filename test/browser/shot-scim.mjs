import { chromium } from 'playwright-core';
import { readFileSync } from 'node:fs';
import AxeBuilder from 'axe-core';
const url = readFileSync('/tmp/demo-scim.log','utf8').match(/http:\S*\/in\/\S+/)[0];
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const c = await b.newContext({ viewport: { width: 1280, height: 900 }, locale: 'de-DE' });
const p = await c.newPage();
await p.goto(url);
const base = new URL(url).origin;
await p.goto(base + '/workspace'); await p.screenshot({ path: '/tmp/s-ws.png', fullPage: true });
await p.goto(base + '/workspace/directory'); await p.screenshot({ path: '/tmp/s-1.png', fullPage: true });
await p.click('#token button'); await p.waitForSelector('#scim-token'); await p.screenshot({ path: '/tmp/s-2.png', fullPage: true });
await p.goto(base + '/workspace/directory');
await p.locator('#group-roles input[name=group]').nth(0).fill('Vertrieb DACH'); await p.locator('#group-roles select[name=role]').nth(0).selectOption('manager');
await p.click('#group-roles button.first'); await p.waitForLoadState(); await p.screenshot({ path: '/tmp/s-3.png', fullPage: true });
const axe = readFileSync('node_modules/axe-core/axe.min.js','utf8');
for (const [name, opt] of [['light',{}],['dark',{colorScheme:'dark'}],['phone',{viewport:{width:375,height:740}}]]) {
  const c2 = await b.newContext({ ...opt, locale: 'en-GB', storageState: await c.storageState() });
  const q = await c2.newPage(); await q.goto(base + '/workspace/directory');
  await q.screenshot({ path: `/tmp/s-${name}.png`, fullPage: true });
  await c2.close();
}
await p.goto(base + '/workspace/directory');
const r = await (async()=>{ const cdp = await c.newCDPSession(p); await cdp.send('Page.setBypassCSP',{enabled:true}); await p.reload(); await p.evaluate(axe); return p.evaluate(()=>axe.run(document,{runOnly:['wcag2a','wcag2aa','wcag21aa','wcag22aa','best-practice']})); })();
console.log(JSON.stringify(r.violations.map(v=>[v.id,v.nodes.map(n=>n.html.slice(0,160))]),null,1));
const wide = await p.evaluate(()=>document.documentElement.scrollWidth>innerWidth); console.log('overflow', wide);
await b.close();
