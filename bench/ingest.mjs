// SPDX-License-Identifier: Apache-2.0
//
// Sales over HTTP, one organisation, durable: authenticated, attributed, evaluated, posted and
// committed before each answer. wrk sends distinct sales of distinct customers; beside it, in the
// same run, what SQLite itself does with the same statements in the same batches.
//
// Ids count, as those of orders and invoices do; --ids random makes each as scattered as can be.
//
// With --rows SQLite is filled up to that many, and its first and last run are shown.
//
//   node bench/ingest.mjs [--rows 1000000] [--seconds 10] [--connections 256] [--ids random]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

process.env.PARTNERD_BINARY ??= new URL('../build/partnerd', import.meta.url).pathname;
const { Database } = await import('../tests/lib/databases.mjs');

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const seconds = Number(option('seconds', 10));
const connections = Number(option('connections', 256));
const rows = Number(option('rows', 0));
const scattered = option('ids', 'counting') === 'random';

// Each thread of wrk counts from its own start, so that no id comes twice. The head of a request is
// made once: the less the client costs, the more of the machine is the server's.
function script(key, click, run) {
  return `
local thread_number = 0
math.randomseed(${Math.floor(Math.random() * 2 ** 31)})
function setup(thread) thread:set("number", thread_number); thread_number = thread_number + 1 end
local function half() return math.random(0, 4294967295) end
local n = 0
local head
function init()
  head = "POST /api/v1/track/sale HTTP/1.1\\r\\nHost: " .. wrk.host .. ":" .. wrk.port
    .. "\\r\\nAuthorization: Bearer ${key}\\r\\nContent-Type: application/json\\r\\nContent-Length: "
end
function request()
  n = n + 1
  local id = ${scattered ? 'string.format("in_%08x%08xn", half(), half())' : `"${run}-" .. number .. "-" .. n`}
  local body = '{"id":"' .. id .. '","click_id":"${click}","customer":{"id":"c-' .. id
    .. '"},"amount":9900,"tax":0,"currency":"USD","product":"team","plan":"monthly"}'
  return head .. #body .. "\\r\\n\\r\\n" .. body
end
function done(summary, latency)
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), summary.errors.status + summary.errors.timeout))
end
`;
}

function wrk(url, file, time) {
  const out = execFileSync('wrk', ['-t1', `-c${connections}`, `-d${time}s`, '-s', file, url], { maxBuffer: 1e8 });
  const [, requests, micros, p50, p99, errors] = /RESULT (\d+) (\d+) (\d+) (\d+) (\d+)/.exec(out.toString()).map(Number);
  return { rate: requests / (micros / 1e6), p50: p50 / 1e3, p99: p99 / 1e3, errors, requests };
}

// At least one run, and as many as it takes to store the wanted number of sales.
async function measure(kind, wanted) {
  const database = await new Database(kind).open();
  const dir = mkdtempSync(join(tmpdir(), 'partnerd-bench-'));
  try {
    const server = await database.serve({ env: { PARTNERD_ACCESS_LOG: 'false', PARTNERD_RATE_LIMIT: '0' } });
    const org = await server.org();
    const { body: campaign } = await org.api.post('/campaigns', {
      name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/',
      terms: { trigger: 'sale', reward: { type: 'percentage', value: '25' }, hold_days: 30 },
    }, 201);
    const { body: partner } = await org.api.post('/partners', { name: 'Bob', email: 'bob@example.com', campaign: campaign.id }, 201);
    await org.api.post('/links', { partner: partner.id, campaign: campaign.id, slug: 'bob', url: 'https://shop.example/' }, 201);
    const { click_id: click } = (await org.api.post('/track/click', { slug: 'bob' }, 201)).body;
    const file = join(dir, 'sale.lua');
    let results = [];
    let stored = 0;
    for (let run = 0; run === 0 || stored < wanted; run++) {
      writeFileSync(file, script(org.key, click, `r${run}`));
      const r = wrk(server.url, file, seconds);
      stored += r.requests;
      results.push({ ...r, stored });
    }
    await server.stop();
    return results;
  } finally {
    await database.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

const row = (...cells) => console.log(cells.map((c, i) => (i ? String(c).padStart(12) : String(c).padEnd(26))).join(''));
row('', 'sales/s', 'p50 ms', 'p99 ms', 'errors', 'rows');
let sqlite = 0;
for (const kind of process.env.PARTNERD_PG_URL ? ['sqlite', 'postgres'] : ['sqlite']) {
  const results = await measure(kind, kind === 'sqlite' ? rows : 0);
  for (const r of results.filter((_, i) => i === 0 || i === results.length - 1)) {
    row(kind, r.rate.toFixed(0), r.p50.toFixed(1), r.p99.toFixed(1), r.errors, r.stored);
  }
  if (kind === 'sqlite') sqlite = results[0].rate;
}
const raw = spawnSync(new URL('../build/bench_sale', import.meta.url).pathname, ['100000', scattered ? 'random' : 'counting'], { encoding: 'utf8' });
const match = /raw ([\d.]+)/.exec(raw.stdout ?? '');
if (match) {
  row('the statements alone', Number(match[1]).toFixed(0));
  row('ratio', (sqlite / Number(match[1])).toFixed(2));
}
