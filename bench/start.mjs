// SPDX-License-Identifier: Apache-2.0
//
// How long a start takes, and what stays in memory: with 100,000 links, and the demo's second start.
import { readFileSync } from 'node:fs';

process.env.PARTNERD_BINARY ??= new URL('../build/partnerd', import.meta.url).pathname;
const { Database } = await import('../tests/lib/databases.mjs');

const links = Number(process.argv[2] ?? 100000);
const row = (...cells) => console.log(cells.map((c, i) => (i ? String(c).padStart(14) : String(c).padEnd(34))).join(''));
const resident = (server) => {
  const pid = server.child.pid;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
};

async function timed(database, options) {
  const began = performance.now();
  const server = await database.serve(options);
  return { server, ms: performance.now() - began };
}

async function withLinks() {
  const database = await new Database('sqlite').open();
  try {
    let { server } = await timed(database);
    const org = await server.org();
    const { body: campaign } = await org.api.post('/campaigns', {
      name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/',
      terms: { trigger: 'sale', reward: { type: 'percentage', value: '25' } },
    }, 201);
    const { body: partner } = await org.api.post('/partners', { name: 'Bob', email: 'bob@example.com', campaign: campaign.id }, 201);
    let made = 0;
    await Promise.all(Array.from({ length: 64 }, async () => {
      while (made < links) {
        const n = made++;
        await org.api.post('/links', { partner: partner.id, campaign: campaign.id, slug: `link-${n}`, url: `https://shop.example/p/${n}` }, 201);
      }
    }));
    await server.stop();
    const times = [];
    for (let i = 0; i < 5; i++) {
      let ms;
      ({ server, ms } = await timed(database));
      times.push(ms);
      if (i === 4) row(`${links} links: resident MiB`, resident(server).toFixed(0));
      await server.stop();
    }
    row(`${links} links: start, median ms`, times.sort((a, b) => a - b)[2].toFixed(0));
  } finally {
    await database.close();
  }
}

async function demo() {
  const database = await new Database('sqlite').open();
  try {
    const first = await timed(database, { command: 'demo' });
    row('demo: first start, ms', first.ms.toFixed(0));
    row('demo: resident MiB', resident(first.server).toFixed(0));
    await first.server.stop();
    const second = await timed(database, { command: 'demo' });
    row('demo: second start, ms', second.ms.toFixed(0));
    await second.server.stop();
  } finally {
    await database.close();
  }
}

row('', '');
await demo();
await withLinks();
