// SPDX-License-Identifier: Apache-2.0
//
// Deep inside documents: every value of a terms document and of a reward, replaced by what it
// cannot be. The refusal names the path of the value, and nothing has been stored.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';
import { makeWorld } from './world.mjs';

const percentage = (value) => ({ type: 'percentage', value });
const whole = {
  trigger: 'sale',
  reward: percentage('25'),
  recurring_months: 12,
  delay_invoices: 0,
  window_days: 365,
  base: 'net',
  hold_days: 30,
  minimum_payout: 5000,
  attribution: { model: 'last', cookie_days: 90, priority: ['deal', 'code', 'link', 'utm'], ownership: 'lifetime' },
  tiers: {
    by: 'revenue', period: 'year', counts_current: false, retroactive: false,
    steps: [{ from: 1000000, reward: percentage('30') }, { from: 2000000, reward: percentage('35') }],
  },
  rewards: [{ if: { product: 'annual', country: ['DE', 'AT'] }, reward: { type: 'fixed', amount: 20000 }, recurring_months: 0 }],
  groups: { gold: { reward: percentage('28') } },
  chain: { mode: 'on_top', compute: 'flat', levels: [{ percent: '10' }] },
  caps: [{ scope: 'partner', period: 'month', amount: 500000 }],
  clawback: { window_days: 60, on_refund: 'full', on_dispute: 'full', on_churn: 'prorated' },
};

// Texts that may be any; only their kind and length are checked. A percentage or a product may be a whole number,
// and "tiers": [] is how older documents say that there are none.
const FREE = /\/(product|country\/\d+)$/;
const fine = (path, bad) => (FREE.test(path) && typeof bad === 'string' && bad.length > 0 && bad.length < 100)
  || (/\/(value|percent|product)$/.test(path) && bad === 5) || (path === '/tiers' && Array.isArray(bad));

const strange = {
  number: [-1, 1.5, 1e300, 'x', true, {}, [], '5'],
  string: [5, true, {}, [[]], 'no-such-word', '', '-5', '1e9', 'x'.repeat(5000), '\u0000'],
  boolean: ['true', 1, {}, []],
  object: [5, 'x', true, []],
  array: [5, 'x', true, {}, [[]], [5], Array.from({ length: 2000 }, () => 'x')],
};

const kind = (value) => (Array.isArray(value) ? 'array' : typeof value);

// [path, keys, value] of all there is below, itself not.
function* below(value, path = '', keys = []) {
  if (!value || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    yield [`${path}/${key}`, [...keys, key], inner];
    yield* below(inner, `${path}/${key}`, [...keys, key]);
  }
}

function replaced(document, keys, value) {
  const copy = structuredClone(document);
  let at = copy;
  for (const key of keys.slice(0, -1)) at = at[key];
  at[keys.at(-1)] = value;
  return copy;
}

// Every document that is wrong in one place: [path of what is wrong, what, document].
function* wrong(document) {
  for (const [path, keys, value] of below(document)) {
    for (const bad of strange[kind(value)]) {
      if (fine(path, bad)) continue;
      yield [path, JSON.stringify(bad).slice(0, 40), replaced(document, keys, bad)];
    }
    if (kind(value) === 'object' && path !== '/groups')
      yield [`${path}/no_such_key`, 'unknown', replaced(document, [...keys, 'no_such_key'], 1)];
  }
  yield ['/no_such_key', 'unknown', { ...document, no_such_key: 1 }];
}

onEachDatabase('documents', (database) => {
  let api, world;

  before(async () => {
    api = (await (await database.serve()).org('acme')).api;
    world = await makeWorld(api);
  });

  const stored = async () => JSON.stringify([
    (await api.get(`/campaigns/${world.campaign.id}/terms`, 200)).body.data,
    (await api.get('/campaigns', 200)).body.data, (await api.get('/enrolments', 200)).body.data,
  ]);

  // Blame may be laid on the value, on what is inside, or on the list or object it stands in.
  function fault(answer, path, what) {
    const where = `${path} is ${what}`;
    if (answer.status < 400 || answer.status > 499) return `${where}: ${answer.status} ${answer.text.slice(0, 200)}`;
    const param = answer.body.param ?? '';
    const parent = path.slice(0, path.lastIndexOf('/'));
    if (param === path || param.startsWith(`${path}/`) || (param !== '/terms' && param === parent)) return '';
    return `${where}: blames "${param}": ${answer.body.detail}`;
  }

  test('the whole document is fine', async () => {
    await api.post(`/campaigns/${world.campaign.id}/terms`, { terms: whole }, 201);
  });

  test('every value of terms refuses what it cannot be, by its path', async () => {
    const was = await stored();
    const faults = [];
    let count = 0;
    for (const [path, what, terms] of wrong(whole)) {
      faults.push(fault(await api.post(`/campaigns/${world.campaign.id}/terms`, { terms }), `/terms${path}`, what));
      count++;
    }
    assert.deepEqual(faults.filter(Boolean), []);
    assert.ok(count > 300, `${count} documents tried`);
    assert.equal(await stored(), was);
  });

  test('every value of a reward of one partner refuses what it cannot be', async () => {
    const was = await stored();
    const faults = [];
    for (const reward of [percentage('25'), { type: 'fixed', amount: 500, currency: 'USD' }]) {
      for (const [path, what, bad] of wrong(reward)) {
        const body = { campaign: world.campaign.id, reward: bad };
        faults.push(fault(await api.put(`/partners/${world.partner.id}/override`, body), `/reward${path}`, what));
      }
    }
    assert.deepEqual(faults.filter(Boolean), []);
    assert.equal(await stored(), was);
  });

  test('a reward of one partner may use the older names, and is refused by them', async () => {
    const path = `/partners/${world.partner.id}/override`;
    const older = { campaign: world.campaign.id, commissionType: 'Percentage', commissionValue: 12.5, recurringMonths: 6 };
    const { body } = await api.put(path, older, 200);
    assert.deepEqual(body.override.reward, { type: 'percentage', value: '12.5' });
    assert.equal(body.override.recurring_months, 6);
    for (const [param, wrong] of [
      ['/commissionType', { commissionType: 'Half' }], ['/commissionType', { commissionType: undefined }],
      ['/commissionValue', { commissionValue: 101 }], ['/commissionValue', { commissionValue: undefined }],
      ['/commissionValue', { commissionValue: 'much' }], ['/recurringMonths', { recurringMonths: -1 }],
      ['/recurringMonths', { recurring_months: 1 }], ['/commissionType', { reward: percentage('5') }],
    ]) {
      const answer = await api.put(path, { ...older, ...wrong }, 422);
      assert.equal(answer.body.param, param, `${JSON.stringify(wrong)}: ${answer.text}`);
    }
    await api.delete(`${path}?campaign=${world.campaign.id}`, 204);
  });

  test('duplicate keys and bottomless nesting inside are refused', async () => {
    const was = await stored();
    const path = `/campaigns/${world.campaign.id}/terms`;
    for (const terms of [
      '{"trigger":"sale","trigger":"sale","reward":{"type":"percentage","value":"5"}}',
      '{"trigger":"sale","reward":{"type":"percentage","value":"5","value":"50"}}',
      `{"trigger":"sale","reward":${'{"reward":'.repeat(200)}1${'}'.repeat(200)}}`,
      `{"trigger":"sale","reward":{"type":"percentage","value":"5"},"rewards":${'['.repeat(500)}${']'.repeat(500)}}`,
    ]) {
      const { status, text } = await api.post(path, `{"terms":${terms}}`);
      assert.ok(status >= 400 && status < 500, `${terms.slice(0, 60)}: ${status} ${text}`);
    }
    assert.equal(await stored(), was);
  });
});
