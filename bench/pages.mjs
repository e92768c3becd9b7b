// SPDX-License-Identifier: Apache-2.0
//
// How long pages take in a large organisation, and a payout run over all of its partners.
// Everything is made through the API and the redirect, as it would be; then each page that its owner
// can reach is asked for many times, one after the other. CPU ms is what the server's threads ran.
//
//   node bench/pages.mjs [--partners 20000] [--sales 200000] [--clicks 200000] [--times 200]
//                        [--keep DIR] [--no-payouts]
//
// --keep leaves the data in DIR and takes what is already there.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';

process.env.PARTNERD_BINARY ??= new URL('../build/partnerd', import.meta.url).pathname;
const { Database } = await import('../tests/lib/databases.mjs');
const { Visitor } = await import('../tests/lib/visitor.mjs');

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const count = (name, fallback) => Number(option(name, fallback));
const want = { partners: count('partners', 20_000), sales: count('sales', 200_000), clicks: count('clicks', 200_000) };
const times = count('times', 200);
const keep = option('keep');
const SERVE = { env: { PARTNERD_ACCESS_LOG: 'false', PARTNERD_RATE_LIMIT: '0' } };
const PASSWORD = 'correct horse battery staple';

const row = (...cells) => console.log(cells.map((c, i) => (i ? String(c).padStart(10) : String(c).padEnd(52))).join(''));

const crowd = new Agent({ keepAlive: true, maxSockets: 64 });

// Like the tests' client, but as patient as may be.
const call = (server, key, method, path, body) => new Promise((resolve, reject) => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  request(`${server.url}/api/v1${path}`, { agent: crowd, method, headers }, async (response) => {
    const text = (await response.toArray()).join('');
    if (response.statusCode < 300) resolve(text);
    else reject(new Error(`${path}: ${response.statusCode} ${text}`));
  }).on('error', reject).end(body && JSON.stringify(body));
});

const post = async (server, key, path, body) => JSON.parse(await call(server, key, 'POST', path, body));

async function manyAtOnce(total, make) {
  let next = 0;
  await Promise.all(Array.from({ length: 64 }, async () => {
    while (next < total) await make(next++);
  }));
}

// Send what a Lua function says until about `total` requests were made.
function wrk(server, dir, total, lua) {
  const file = join(dir, 'load.lua');
  for (let sent = 0, run = 0; sent < total; run++) {
    writeFileSync(file, `run = ${run}\n${lua}
function done(summary) io.write("RESULT " .. summary.requests .. " " .. summary.errors.status .. "\\n") end\n`);
    const out = execFileSync('wrk', ['-t1', '-c64', '-d5s', '-s', file, server.url], { maxBuffer: 1e8 }).toString();
    const [, requests, errors] = /RESULT (\d+) (\d+)/.exec(out).map(Number);
    if (errors > requests / 100) throw new Error(`${errors} of ${requests} were refused:\n${out}`);
    sent += requests;
  }
}

const sale = (key, file) => `
local partners = {}
for line in io.lines("${file}") do partners[#partners + 1] = line end
local now = os.time()
local n = 0
math.randomseed(run + 1)
wrk.method = "POST"
wrk.path = "/api/v1/track/sale"
wrk.headers["Authorization"] = "Bearer ${key}"
wrk.headers["Content-Type"] = "application/json"
function request()
  n = n + 1
  local id = run .. "-" .. n
  local at = os.date("!%Y-%m-%dT%H:%M:%SZ", now - math.random(90 * 86400))
  return wrk.format(nil, nil, nil, '{"id":"' .. id .. '","partner":"' .. partners[math.random(#partners)]
    .. '","customer":{"id":"c-' .. id .. '","name":"Customer ' .. id .. '"},"amount":' .. math.random(100, 99999)
    .. ',"currency":"USD","occurred_at":"' .. at .. '","product":"team","plan":"monthly"}')
end`;

const click = (partners) => `
wrk.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
math.randomseed(run + 1)
function request() return wrk.format("GET", "/p" .. math.random(0, ${partners - 1})) end`;

// One organisation with all that was wanted; what is needed to look at it again.
async function fill(server, dir) {
  const org = await server.org('acme');
  const owner = await server.user(org);
  const { body: campaign } = await org.api.post('/campaigns', {
    name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/',
    terms: { trigger: 'sale', reward: { type: 'percentage', value: '25' }, hold_days: 0, minimum_payout: 0 },
  }, 201);
  const partners = [];
  await manyAtOnce(want.partners, async (i) => {
    const email = `p${i}@partner.example`;
    const { id } = await post(server, org.key, '/partners', { name: `Partner ${i}`, email, campaign: campaign.id });
    await post(server, org.key, '/links', { partner: id, campaign: campaign.id, slug: `p${i}`, url: 'https://shop.example/' });
    partners[i] = id;
  });
  const file = join(dir, 'partners.txt');
  writeFileSync(file, partners.join('\n'));
  wrk(server, dir, want.clicks, click(want.partners));
  wrk(server, dir, want.sales, sale(org.key, file));
  return { slug: org.slug, id: org.id, key: org.key, campaign: campaign.id, partner: partners[7], owner, partners: want };
}

// One page of each kind, by way of what the first page and those it leads to link to.
async function pagesOf(visitor, start) {
  const links = new Set();
  const add = (text) => {
    for (const [, to] of text.matchAll(/href="(\/(?:app|portal)\/[^"#]*)"/g)) {
      links.add(to.replaceAll('&amp;', '&'));
    }
  };
  add((await visitor.ask('GET', start)).text);
  for (const to of [...links]) if (!/\.csv|export|new$/.test(to)) add((await visitor.ask('GET', to)).text);
  const shapes = new Map(); // one of each kind
  for (const to of links) {
    if (/\.csv|export/.test(to)) continue;
    const shape = to.replace(/[a-z]{3,4}_[0-9a-z]+/g, ':id').replace(/=[^&]*/g, '=…');
    if (!shapes.has(shape)) shapes.set(shape, to);
  }
  return [...shapes];
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

const timed = (visitor, path) => new Promise((resolve, reject) => {
  const began = performance.now();
  request(visitor.server.url + path, { agent, headers: { cookie: visitor.cookie } }, (response) => {
    response.resume().on('end', () => resolve({ ms: performance.now() - began, status: response.statusCode }));
  }).on('error', reject).end();
});

// What the server's threads have run so far, in ms; other programs on the machine do not count.
function used({ child }) {
  const tasks = `/proc/${child.pid}/task`;
  const ran = (task) => Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]);
  return readdirSync(tasks).reduce((sum, task) => sum + ran(task), 0) / 1e6;
}

async function lookAt(visitor, start) {
  const results = [];
  for (const [shape, path] of await pagesOf(visitor, start)) {
    const all = [];
    const before = used(visitor.server);
    let status;
    for (let i = 0; i < times; i++) {
      const one = await timed(visitor, path);
      status = one.status;
      all.push(one.ms);
      if (i >= 10 && all.reduce((a, b) => a + b) > 5_000) break;
    }
    const cpu = (used(visitor.server) - before) / all.length;
    all.sort((a, b) => a - b);
    results.push({ shape, status, cpu, p50: all[all.length >> 1], p99: all[Math.floor(all.length * 0.99)] });
  }
  for (const r of results.sort((a, b) => b.p99 - a.p99)) {
    row(r.shape, r.status, r.cpu.toFixed(2), r.p50.toFixed(2), r.p99.toFixed(2));
  }
}

async function payouts(server, org) {
  const step = async (what, ask) => {
    const began = performance.now();
    const before = used(server);
    const answer = await ask();
    row(`payout run: ${what}`, '', (used(server) - before).toFixed(0), (performance.now() - began).toFixed(0));
    return answer;
  };
  const run = { currency: 'USD', method: 'manual' };
  await org.cli('job mature', '--org', org.slug);
  const { id } = await step('draft', () => post(server, org.key, '/payout-runs', run));
  await step('approve', () => post(server, org.key, `/payout-runs/${id}/approve`, {}));
  const text = await step('file', () => call(server, org.key, 'GET', `/payout-runs/${id}/export.csv`));
  row('payout run: lines of the file', text.trim().split('\n').length - 1);
}

const database = await new Database('sqlite').open();
try {
  if (keep) {
    mkdirSync(keep, { recursive: true });
    database.data = join(keep, 'data');
  }
  const dir = keep ?? database.dir;
  const notes = join(dir, 'made.json');
  const server = await database.serve(SERVE);
  if (!existsSync(notes)) writeFileSync(notes, JSON.stringify(await fill(server, dir)));
  const org = JSON.parse(readFileSync(notes, 'utf8'));
  row(`${org.partners.partners} partners, ${org.partners.sales} sales, ${org.partners.clicks} clicks`, 'status', 'CPU ms', 'p50 ms', 'p99 ms');
  await lookAt(await new Visitor(server).signIn({ email: org.owner.email, password: PASSWORD }), `/app/${org.slug}`);
  if (!process.argv.includes("--no-payouts")) await payouts(server, { ...org, cli: (...args) => database.cli(...args) });
  await server.stop();
} finally {
  await database.close();
}
