// SPDX-License-Identifier: Apache-2.0
//
// Redirects with the click journalled, beside nginx answering a bare 302: both on the same core,
// one after the other, wrk on another core; seven rounds in turn, medians, the ratio within each round. nginx has one worker and
// no log. Where wrk needs its core as much as the servers need theirs, rates come near to each other: the time that a server's
// processor takes for a request tells more, and is steadier. Needs nginx, wrk and taskset.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

process.env.PARTNERD_BINARY ??= new URL('../build/partnerd', import.meta.url).pathname;
const { Database } = await import('../tests/lib/databases.mjs');

const seconds = Number(process.argv[2] ?? 2);
const rounds = 7;
const dir = mkdtempSync(join(tmpdir(), 'partnerd-bench-'));
const port = 19000 + Math.floor(Math.random() * 500);
writeFileSync(join(dir, 'nginx.conf'), `
daemon off; master_process off; worker_processes 1; pid ${dir}/pid; error_log /dev/null;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 100000000; server { listen 127.0.0.1:${port}; location / {
  return 302 https://shop.example/?click_id=clk_0000000000000; } } }
`);

// In nanoseconds, of the threads that answer and keep the journal: what stores clicks is shown by itself.
const serving = new Set(['nginx', 'loop', 'flush', 'prepare']);
function processorTime(pid) {
  const read = (task, file) => readFileSync(`/proc/${pid}/task/${task}/${file}`, 'utf8');
  return readdirSync(`/proc/${pid}/task`).filter((task) => serving.has(read(task, 'comm').trim()))
    .reduce((sum, task) => sum + Number(read(task, 'schedstat').split(' ')[0]), 0);
}

function wrk(url, pid) {
  const before = processorTime(pid);
  const out = execFileSync('taskset', ['-c', '1', 'wrk', '-t1', '-c64', `-d${seconds}s`, '--latency',
    '-H', 'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', url]).toString();
  const ms = (text) => { const [, n, unit] = /([\d.]+)(us|ms|s)/.exec(text); return n * { us: 1e-3, ms: 1, s: 1e3 }[unit]; };
  const us = (processorTime(pid) - before) / 1000 / Number(/(\d+) requests in/.exec(out)[1]);
  return { us, rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(out)[1]),
    p50: ms(/^ +50% +(\S+)/m.exec(out)[1]), p99: ms(/^ +99% +(\S+)/m.exec(out)[1]) };
}

// A wrk that finds nobody measures nothing.
async function answers(url) {
  for (let i = 0; i < 100; i++) {
    if (await fetch(url, { redirect: 'manual' }).then((r) => r.status === 302, () => false)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`nobody answers at ${url}`);
}

// Under full load clicks stay in the journal; what it takes to store them then is shown as well,
// and the other server does not have to share its core with that.
async function drained(url) {
  const pending = async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const count = (name) => Number(new RegExp(`^partnerd_clicks_${name}_total (\\d+)`, 'm').exec(text)[1]);
    return count('journalled') - count('drained');
  };
  const first = await pending();
  const began = Date.now();
  while (await pending() > 0) await new Promise((done) => setTimeout(done, 20));
  return first / Math.max(1, Date.now() - began) * 1000;
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const database = await new Database('sqlite').open();
// A group of its own for each server: otherwise the scheduler shares the core by terminal, not by program.
const nginx = spawn('setsid', ['taskset', '-c', '0', 'nginx', '-c', join(dir, 'nginx.conf')], { stdio: 'ignore' });
try {
  const server = await database.serve({
    wrap: ['setsid', 'taskset', '-c', '0'], args: ['--loops', '1'], env: { PARTNERD_ACCESS_LOG: 'false' },
  });
  const org = await server.org();
  const { body: campaign } = await org.api.post('/campaigns', {
    name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/',
    terms: { trigger: 'sale', reward: { type: 'percentage', value: '25' } },
  }, 201);
  const { body: partner } = await org.api.post('/partners', { name: 'Bob', email: 'bob@example.com', campaign: campaign.id }, 201);
  await org.api.post('/links', { partner: partner.id, campaign: campaign.id, slug: 'bob', url: 'https://shop.example/' }, 201);
  await answers(`http://127.0.0.1:${port}/bob`);
  const ours = [], theirs = [];
  const moved = [];
  for (let i = 0; i < rounds; i++) {
    theirs.push(wrk(`http://127.0.0.1:${port}/bob`, nginx.pid));
    ours.push(wrk(`${server.url}/bob`, server.child.pid));
    moved.push(await drained(server.url));
  }
  const row = (...cells) => console.log(cells.map((c, i) => (i ? String(c).padStart(12) : String(c).padEnd(30))).join(''));
  row('', 'requests/s', 'p50 ms', 'p99 ms', 'us of cpu');
  for (const [name, all] of [['nginx, bare 302', theirs], ['partnerd, click journalled', ours]]) {
    row(name, median(all.map((r) => r.rate)).toFixed(0), median(all.map((r) => r.p50)).toFixed(2), median(all.map((r) => r.p99)).toFixed(2),
      median(all.map((r) => r.us)).toFixed(1));
  }
  row('clicks stored afterwards', median(moved).toFixed(0));
  row('ratio', median(ours.map((r, i) => r.rate / theirs[i].rate)).toFixed(2), '', '',
    median(ours.map((r, i) => r.us / theirs[i].us)).toFixed(2));
  await server.stop();
} finally {
  nginx.kill();
  await database.close();
  rmSync(dir, { recursive: true, force: true });
}
