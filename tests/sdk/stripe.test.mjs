// SPDX-License-Identifier: Apache-2.0
//
// Stripe's webhooks as Stripe's own SDK signs them: sessions, invoices in the old and the
// new shape, refunds, disputes, ended subscriptions; twice, in any order, with bad signatures.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Stripe from 'stripe';
import { onEachDatabase } from '../lib/databases.mjs';

const stripe = new Stripe('sk_test_none');
const secret = 'whsec_dGhpcyBpcyBhIHRlc3Qgc2VjcmV0';

let number = 0;

function event(type, object, created = Math.floor(Date.now() / 1000)) {
  return { id: `evt_${++number}`, object: 'event', type, created, data: { object } };
}

function shapes(invoice, intent, charge, customer) {
  const common = {
    id: invoice, object: 'invoice', customer, currency: 'usd', amount_paid: 11900, total: 11900,
    subtotal: 10000, customer_email: `${customer}@mail.example`,
  };
  return {
    old: {
      ...common, charge, payment_intent: intent, subscription: 'sub_1', tax: 1900,
      billing_reason: 'subscription_cycle',
      lines: { data: [{ amount: 10000, price: { id: 'price_1', product: 'prod_1' } }] },
    },
    new: {
      ...common, total_taxes: [{ amount: 1900, tax_behavior: 'exclusive' }],
      billing_reason: 'subscription_cycle',
      parent: { type: 'subscription_details', subscription_details: { subscription: 'sub_1', metadata: {} } },
      lines: { data: [{ amount: 10000, pricing: { price_details: { price: 'price_1', product: 'prod_1' } } }] },
    },
  };
}

onEachDatabase('Stripe', (database) => {
  let org, server, partner, click;

  const post = (body, headers = {}) => fetch(`${server.url}/api/v1/hooks/stripe/${org.slug}`, {
    method: 'POST', body, headers: { 'content-type': 'application/json', ...headers },
  });
  const sign = (body, options = {}) => ({
    'stripe-signature': stripe.webhooks.generateTestHeaderString({ payload: body, secret, ...options }),
  });
  const send = async (e) => {
    const body = JSON.stringify(e);
    const answer = await post(body, sign(body));
    assert.equal(answer.status, 200, await answer.text());
  };
  const pending = async () => (await org.api.get(`/balances?partner=${partner.id}`, 200)).body.data[0]?.pending ?? 0;
  const session = (id, customer, more = {}) => event('checkout.session.completed', {
    id, object: 'checkout.session', mode: 'subscription', payment_status: 'paid', customer,
    client_reference_id: click, currency: 'usd', amount_total: 11900, total_details: { amount_tax: 1900 },
    customer_details: { email: `${customer}@mail.example` }, metadata: {}, ...more,
  });

  test('is connected with a secret that is never shown again', async () => {
    server = await database.serve();
    org = await server.org();
    const { body: campaign } = await org.api.post('/campaigns', {
      name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/',
      terms: { trigger: 'sale', reward: { type: 'percentage', value: '25' }, hold_days: 30 },
    }, 201);
    const bob = { name: 'Bob', email: 'bob@example.com', campaign: campaign.id };
    partner = (await org.api.post('/partners', bob, 201)).body;
    const link = { partner: partner.id, campaign: campaign.id, slug: 'bob', url: 'https://shop.example/' };
    await org.api.post('/links', link, 201);
    // Stripe tells whole seconds: a click of this second might seem to come after its events.
    const earlier = new Date(Date.now() - 60_000).toISOString();
    click = (await org.api.post('/track/click', { slug: 'bob', occurred_at: earlier }, 201)).body.click_id;
    const { text } = await org.api.put('/providers/stripe', { webhook_secret: secret }, 200);
    assert.ok(!text.includes(secret));
    assert.match(text, /"webhook_secret_hint":"\w{4}"/);
  });

  test('refuses what is not signed by it', async () => {
    const body = JSON.stringify(event('invoice.paid', { id: 'in_0' }));
    assert.equal((await post(body)).status, 400);
    assert.equal((await post(body, { 'stripe-signature': 't=1,v1=00' })).status, 400);
    assert.equal((await post(`${body} `, sign(body))).status, 400);
    assert.equal((await post(body, sign(body, { secret: 'whsec_other' }))).status, 400);
    const old = Math.floor(Date.now() / 1000) - 302;
    const late = await post(body, sign(body, { timestamp: old }));
    assert.equal(late.status, 400);
    assert.equal((await late.json()).detail, 'Stripe-Signature was made more than 300 seconds ago');
    assert.equal((await post('{', sign('['))).status, 400, 'not JSON, and not its signature');
    assert.equal((await org.api.get('/hooks', 200)).body.data.length, 0);
  });

  test('a subscription earns, from its session and its first invoice, in any order', async () => {
    const first = { ...shapes('in_1', 'pi_1', 'ch_1', 'cus_1').new, billing_reason: 'subscription_create' };
    await send(event('invoice.paid', first));
    assert.equal(await pending(), 0);
    await send(session('cs_1', 'cus_1'));
    assert.equal(await pending(), 2500);
    assert.equal((await org.api.get('/hooks?status=waiting', 200)).body.data.length, 0);
  });

  test('the same event twice, and its twin with another id, count once', async () => {
    const e = event('invoice.paid', shapes('in_2', 'pi_2', 'ch_2', 'cus_1').old);
    await send(e);
    await send(e);
    await send({ ...e, id: 'evt_twin' });
    assert.equal(await pending(), 5000);
  });

  test('refunds are cumulative, find their invoice in both shapes, and may come first', async () => {
    const refund = (charge, intent, refunded, more = {}) => event('charge.refunded', {
      id: charge, object: 'charge', payment_intent: intent, currency: 'usd', amount: 11900,
      amount_refunded: refunded, ...more,
    });
    await send(refund('ch_2', 'pi_2', 5950, { invoice: 'in_2' }));
    assert.equal(await pending(), 5000 - 1250);
    await send(refund('ch_2', 'pi_2', 11900, { invoice: 'in_2' }));
    await send(refund('ch_2', 'pi_2', 5950, { invoice: 'in_2' }));
    assert.equal(await pending(), 2500);

    await send(refund('ch_3', 'pi_3', 11900));
    await send(event('invoice.paid', shapes('in_3', 'pi_3', 'ch_3', 'cus_1').new));
    assert.equal(await pending(), 5000);
    await send(event('invoice_payment.paid', {
      id: 'inpay_3', object: 'invoice_payment', invoice: 'in_3',
      payment: { type: 'payment_intent', payment_intent: 'pi_3', charge: 'ch_3' },
    }));
    assert.equal(await pending(), 2500);
  });

  test('a one-off payment is a sale under its payment intent', async () => {
    await send(session('cs_9', 'cus_9', { mode: 'payment', payment_intent: 'pi_9' }));
    assert.equal(await pending(), 5000);
    await send(event('charge.refunded', {
      id: 'ch_9', object: 'charge', payment_intent: 'pi_9', currency: 'usd', amount: 11900, amount_refunded: 11900,
    }));
    assert.equal(await pending(), 2500);
  });

  const dispute = (kind, status, more = {}) => event(`charge.dispute.${kind}`, {
    id: 'dp_1', object: 'dispute', charge: 'ch_20', payment_intent: 'pi_20', currency: 'usd', amount: 11900,
    reason: 'fraudulent', status, ...more,
  });
  const held = async () => (await org.api.get(`/balances?partner=${partner.id}`, 200)).body.data[0].held;

  test('a dispute holds, a won one releases, a lost one takes back; early warnings do nothing', async () => {
    await send(event('invoice.paid', shapes('in_20', 'pi_20', 'ch_20', 'cus_1').old));
    assert.equal(await pending(), 5000);
    await send(dispute('created', 'warning_needs_response'));
    assert.equal(await pending(), 5000);
    await send(dispute('created', 'needs_response'));
    await send(dispute('updated', 'under_review'));
    assert.equal(await pending(), 2500);
    assert.equal(await held(), 2500);
    await send(dispute('closed', 'won'));
    assert.equal(await pending(), 5000);

    await send(dispute('closed', 'lost', { id: 'dp_2', amount: 5950 }));
    assert.equal(await pending(), 3750);
    await send(dispute('created', 'needs_response', { id: 'dp_2', amount: 5950 }));
    assert.equal(await pending(), 3750);
    assert.equal(await held(), 0);
  });

  test('a dispute may come before its payment', async () => {
    const about = { id: 'dp_3', charge: 'ch_21', payment_intent: 'pi_21' };
    await send(dispute('closed', 'lost', about));
    await send(dispute('created', 'needs_response', about));
    assert.equal((await org.api.get('/hooks?status=waiting', 200)).body.data.length, 2);
    await send(event('invoice.paid', shapes('in_21', 'pi_21', 'ch_21', 'cus_1').old));
    assert.equal(await pending(), 3750);
    assert.equal((await org.api.get('/hooks?status=waiting', 200)).body.data.length, 0);
    assert.equal((await org.api.get('/hooks?status=failed', 200)).body.data.length, 0);
  });

  test('the end of a subscription is the customer leaving', async () => {
    const ended = event('customer.subscription.deleted', {
      id: 'sub_1', object: 'subscription', customer: 'cus_1', status: 'canceled', metadata: {},
      ended_at: Math.floor(Date.now() / 1000),
    });
    await send(ended);
    await send({ ...ended, id: 'evt_churn_twin' });
    const { body } = await org.api.get('/customers?external_id=cus_1', 200);
    assert.match(body.data[0].churned_at, /^20/);
    assert.equal((await org.api.get('/hooks?status=failed', 200)).body.data.length, 0);
  });

  test('what it has signed and nobody can read is refused, and kept for people', async () => {
    const before = (await org.api.all('/hooks')).length;
    for (const [body, kept] of [['{"id":', '{"id":'], [Buffer.from([0x7b, 0xff, 0x00]), 'base64:e/8A'], ['{"id":"evt_x"}', '{"id":"evt_x"}']]) {
      const at = Math.floor(Date.now() / 1000);
      const v1 = createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex');
      const signed = { 'stripe-signature': `t=${at},v1=${v1}` };
      const answer = await post(body, signed);
      assert.ok([400, 422].includes(answer.status), `${answer.status}`);
      assert.equal((await post(body, signed)).status, answer.status, 'again');
      const [hook] = (await org.api.get('/hooks?limit=1', 200)).body.data;
      assert.deepEqual([hook.status, hook.type, hook.body], ['failed', 'unreadable', undefined]);
      assert.ok(hook.note, 'says why');
      const { body: whole } = await org.api.get(`/hooks/${hook.id}`, 200);
      assert.deepEqual(whole, { ...hook, body: kept });
    }
    assert.equal((await org.api.all('/hooks')).length, before + 3, 'each once');
  });

  test('a note says of what it is', async () => {
    const id = 'evt_money_unknown';
    await send({ ...session('cs_money', 'cus_money', { mode: 'payment', currency: 'xyz', payment_intent: 'pi_money' }), id });
    const hook = (await org.api.all('/hooks')).find((one) => one.external_id === id);
    assert.equal(hook.status, 'failed');
    assert.match(hook.note, /^currency is not an ISO 4217 currency/);
  });

  test('other currencies are converted at the last rate, and refunded at the same', async () => {
    const file = join(database.dir, 'rates.xml');
    const today = new Date().toISOString().slice(0, 10);
    const publish = async (...all) => {
      const cubes = all.map(([code, rate]) => `<Cube currency='${code}' rate='${rate}'/>`).join('');
      writeFileSync(file, `<Envelope><Cube><Cube time='${today}'>${cubes}</Cube></Cube></Envelope>`);
      await database.cli('fx load', '--file', file);
    };
    const paid = (id, currency, amount) => event('invoice.paid', {
      ...shapes(`in_${id}`, `pi_${id}`, `ch_${id}`, 'cus_1').old, currency, amount_paid: amount, tax: 0,
    });
    const earns = async (e, minor) => {
      const before = await pending();
      await send(e);
      assert.equal(await pending() - before, minor);
    };
    await publish(['USD', '1.2'], ['JPY', '150'], ['BHD', '0.45'], ['MGA', '5000'], ['ISK', '140'], ['UGX', '4000'],
      ['HUF', '400'], ['TWD', '36']);
    await earns(paid('eur', 'eur', 10000), 3000); // 100.00 EUR are 120.00 USD
    await earns(paid('jpy', 'jpy', 15000), 3000); // whole yen
    await earns(paid('bhd', 'bhd', 45000), 3000); // thousandths
    await earns(paid('mga', 'mga', 500000), 3000); // Stripe counts whole ariary, ISO 4217 hundredths
    await earns(paid('isk', 'isk', 1400000), 3000); // Stripe counts hundredths, ISO 4217 whole krona
    await earns(paid('ugx', 'ugx', 40000000), 3000); // hundredths as well
    await earns(paid('huf', 'huf', 4000000), 3000); // hundredths for both, though paid out in whole forint
    await earns(paid('twd', 'twd', 360000), 3000); // likewise
    const back = (refunded) => event('charge.refunded', {
      id: 'ch_eur', object: 'charge', payment_intent: 'pi_eur', invoice: 'in_eur', currency: 'eur', amount: 10000,
      amount_refunded: refunded,
    });
    await earns(back(5000), -1500);
    await earns(back(10000), -1500);
    assert.match(await database.cli('audit'), /audit: ok/);
  });

  // Every currency that is not counted in hundredths somewhere, by Stripe's list and by ISO 4217.
  test('amounts of every kind of currency are those of ISO 4217, of refunds and disputes too', async () => {
    const plain = ['BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF',
      'BHD', 'JOD', 'KWD', 'OMR', 'TND', 'HUF', 'TWD', 'USD'].map((code) => [code, 12340, 12340]);
    const cases = [...plain, ['ISK', 1234000, 12340], ['UGX', 1234000, 12340], ['MGA', 12340, 1234000]];
    for (const [code, theirs, ours] of cases) {
      const [currency, scale] = [code.toLowerCase(), ours / theirs];
      const id = `all_${currency}`;
      await send(event('invoice.paid', {
        ...shapes(`in_${id}`, `pi_${id}`, `ch_${id}`, 'cus_1').old, currency, amount_paid: theirs, tax: theirs / 10,
      }));
      await send(event('charge.refunded', {
        id: `ch_${id}`, object: 'charge', payment_intent: `pi_${id}`, invoice: `in_${id}`, currency, amount: theirs,
        amount_refunded: theirs / 20,
      }));
      await send(dispute('closed', 'lost', {
        id: `dp_${id}`, charge: `ch_${id}`, payment_intent: `pi_${id}`, currency, amount: theirs / 2,
      }));
      const { body: { data: [sale] } } = await org.api.get(`/events?external_id=in_${id}`, 200);
      assert.deepEqual([sale.amount, sale.tax, sale.currency], [ours, ours / 10, code]);
      const about = (await org.api.get('/events?limit=10', 200)).body.data
        .filter((e) => e.sale === sale.id).map((e) => [e.type, e.amount]);
      assert.deepEqual(about.sort(), [['dispute', theirs / 2 * scale], ['refund', theirs / 20 * scale]], code);
    }
    const much = event('invoice.paid', {
      ...shapes('in_much', 'pi_much', 'ch_much', 'cus_1').old, currency: 'mga', amount_paid: 10 ** 15, tax: 0,
    });
    await post(JSON.stringify(much), sign(JSON.stringify(much)));
    assert.equal((await org.api.get('/events?external_id=in_much', 200)).body.data.length, 0);
    assert.match(await database.cli('audit'), /audit: ok/);
  });

  test('events of the other mode are kept, answered and ignored, with what to do about it', async () => {
    const sandbox = await server.org('try', { sandbox: true });
    const paid = (livemode, id) => ({ ...event('invoice.paid', shapes(`in_${id}`, `pi_${id}`, `ch_${id}`, 'cus_1').old), livemode });
    const sendTo = async (slug, e) => {
      const body = JSON.stringify(e);
      const answer = await fetch(`${server.url}/api/v1/hooks/stripe/${slug}`, { method: 'POST', body, headers: sign(body) });
      assert.equal(answer.status, 200, await answer.text());
    };
    const hook = async ({ api }, id) => (await api.all('/hooks')).find((h) => h.external_id === id);
    const sales = async ({ api }, id) => (await api.get(`/events?external_id=in_${id}`, 200)).body.data.length;

    await sandbox.api.put('/providers/stripe', { webhook_secret: secret }, 200);
    for (const [to, ours, note] of [[org, true, /Stripe's test mode: connect that to a sandbox/],
      [sandbox, false, /Stripe's live mode: connect that to an organisation that is no sandbox/]]) {
      const [good, bad, unsaid] = ['good', 'bad', 'unsaid'].map((word) => `${word}_${to.slug}`);
      const wrong = paid(!ours, bad);
      await sendTo(to.slug, wrong);
      await sendTo(to.slug, wrong);
      const kept = await hook(to, wrong.id);
      assert.equal(kept.status, 'ignored');
      assert.match(kept.note, note);
      const unknown = { id: 'ch_none', object: 'charge', currency: 'usd', amount: 1, amount_refunded: 1 };
      const refund = { ...event('charge.refunded', unknown), livemode: !ours };
      await sendTo(to.slug, refund);
      assert.equal((await hook(to, refund.id)).status, 'ignored', 'it waits for no payment');
      assert.equal(await sales(to, bad), 0);
      await sendTo(to.slug, paid(ours, good));
      assert.equal(await sales(to, good), 1);
      const { livemode, ...plain } = paid(!ours, unsaid);
      assert.equal(livemode, !ours);
      await sendTo(to.slug, plain);
      assert.equal(await sales(to, unsaid), 1);

      const waits = paid(ours, `waits_${to.slug}`);
      Object.assign(waits.data.object, { billing_reason: 'subscription_create', customer: 'cus_unknown' });
      await sendTo(to.slug, waits);
      await database.cli('job hooks', '--org', to.slug);
      assert.equal((await hook(to, waits.id)).status, 'waiting', 'the job knows the mode as well');
    }
  });

  test('what it cannot use is kept and ignored, and the books are right', async () => {
    await send(event('customer.created', { id: 'cus_x', object: 'customer' }));
    assert.equal((await org.api.get('/hooks?status=ignored', 200)).body.data.length, 4);
    await server.stop();
    assert.match(await database.cli('audit'), /^audit: ok/m);
  });
});
