// SPDX-License-Identifier: Apache-2.0
//
// Retainers by the calendar: made by the job, once, however late and often it runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';

const terms = { trigger: 'retainer', reward: { type: 'fixed', amount: 300000 }, hold_days: 0 };

// "2026-11" of a date that many months later.
function month(from, later) {
  return new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + later, 1)).toISOString().slice(0, 7);
}

const daysOf = (name) => new Date(Date.UTC(...name.split('-').map(Number), 0)).getUTCDate();

onEachDatabase('retainers', (database) => {
  test('are made for each month, pro rata for the first, and once', async () => {
    const server = await database.serve({ args: ['--jobs=no'] });
    const { api } = await server.org('acme');
    const { body: campaign } = await api.post('/campaigns', {
      name: 'Retained', slug: 'retained', currency: 'USD', url: 'https://shop.example/', terms,
    }, 201);
    const joined = database.now();
    await api.post('/partners', { name: 'Bob', email: 'bob@partner.example', campaign: campaign.id }, 201);
    const { body: enrolments } = await api.get('/enrolments', 200);
    const id = (later) => `retainer/${enrolments.data[0].id}/${month(joined, later)}`;
    const run = (at) => database.cli('job retainers', '--org', 'acme', '--at', at);
    const events = () => api.all('/events');

    await run(joined.toISOString());
    assert.deepEqual(await events(), [], 'the month is not over');

    await run(`${month(joined, 3)}-01T00:00:00Z`);
    const made = await events();
    assert.deepEqual(made.map((e) => e.external_id), [id(2), id(1), id(0)], 'those that were missed, too');
    assert.ok(made.every((e) => e.type === 'retainer' && e.source === 'job' && e.customer === null));

    const commissions = await api.all('/commissions');
    const first = commissions.at(-1);
    const of = daysOf(month(joined, 0));
    const days = of - joined.getUTCDate() + 1;
    assert.equal(first.amount, Math.round(300000 * days / of));
    assert.deepEqual(commissions.slice(0, 2).map((m) => m.amount), [300000, 300000]);
    assert.match(made.at(-1).attribution.sentence, days === of ? /^The retainer of/ : new RegExp(`for ${days} of its ${of} days`));

    await run(`${month(joined, 3)}-01T00:00:00Z`);
    assert.equal((await events()).length, 3, 'a second run finds nothing');
    assert.match(await database.cli('audit'), /^audit: ok/m);
  });

  test('are held for whoever is suspended, and end with a ban', async () => {
    const { api } = await database.servers[0].org('umbra');
    const { body: campaign } = await api.post('/campaigns', {
      name: 'Retained', slug: 'retained', currency: 'USD', url: 'https://shop.example/', terms,
    }, 201);
    const join = async (name) => (await api.post('/partners', {
      name, email: `${name}@partner.example`, campaign: campaign.id,
    }, 201)).body.id;
    const bob = await join('bob');
    const ann = await join('ann');
    await api.post(`/partners/${bob}/suspend`, {}, 200);
    await api.post(`/partners/${ann}/ban`, {}, 200);
    const now = database.now();
    await database.cli('job retainers', '--org', 'umbra', '--at', `${month(now, 2)}-01T00:00:00Z`);
    const commissions = await api.all('/commissions');
    const of = (partner) => commissions.filter((m) => m.partner === partner).map((m) => m.status);
    assert.deepEqual(of(bob), ['held', 'held']);
    assert.deepEqual(of(ann), ['pending'], 'the day of the ban, and no month after it');
    const banned = (await api.all('/events')).filter((e) => e.partner === ann);
    assert.equal(banned.length, 1);
    assert.match(banned[0].attribution.sentence, /for 1 of its (28|29|30|31) days/);
    assert.match(await database.cli('audit'), /^audit: ok/m);
  });
});
