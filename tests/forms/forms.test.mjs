// SPDX-License-Identifier: Apache-2.0
//
// Every form of every page, every field of it, every way to get it wrong: the page comes back
// with what was typed, the message stands at the field, and nothing has been stored. No browser:
// the forms are those that the pages carry, and what is sent is what a browser would send.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { run } from '../lib/binary.mjs';
import { onEachDatabase } from '../lib/databases.mjs';
import { formsOf } from '../lib/forms.mjs';
import { Visitor } from '../lib/visitor.mjs';

const { stdout: table } = await run(['routes']);
const posts = table.trim().split('\n').map((line) => line.split(/ +/)).filter(([method, path]) => method === 'POST'
  && /^\/(app|portal|account)\//.test(path)).map(([, path]) => path);

const LISTS = ['/campaigns', '/partners', '/links', '/codes', '/customers', '/commissions', '/enrolments', '/deals',
  '/protected-accounts', '/ledger/entries',
  '/payout-runs', '/payouts', '/keys', '/members', '/invitations', '/hooks', '/organisation', '/restatements', '/providers/stripe', '/balances'];

const password = 'correct horse battery staple';
const another = 'a plain new sentence of words';
const terms = {
  trigger: 'sale', reward: { type: 'percentage', value: '20' }, hold_days: 30,
  groups: { friends: { reward: { type: 'percentage', value: '30' } } },
};

// Where the pages are, to look for forms from there.
const STARTS = ['', '/partners/new', '/campaigns/new', '/links/new', '/codes', '/codes/new', '/settings/team', '/settings/keys', '/settings/stripe',
  '/settings/webhooks', '/settings/protected-accounts', '/deals'];

// Not part of what is asked: where the form came from, and which button was pressed.
const ASIDE = new Set(['csrf', 'mode', 'step', 'csv', 'next', 'when']);

// What cannot be, by what a field asks for: [what, text].
const LONG = ['too long', 'x'.repeat(5000)];
const CONTROL = ['a control character', 'a\u0007b'];
const NONSENSE = [LONG, CONTROL, ['a word', 'nonsense'], ['negative', '-5']];
const ID = [...NONSENSE, ['half an id', 'prt_'], ['an id of nothing', 'prt_zzzzzzzzzzzz1'], ['an id of another kind', 'evt_0000000000001']];
const WRONG = {
  email: [...NONSENSE, ['two at signs', 'a@b@c.example'], ['a blank inside', 'a b@c.example']],
  url: [...NONSENSE, ['a script', 'javascript:alert(1)'], ['a path', '/x']],
  country: [...NONSENSE, ['one letter', 'D'], ['digits', '12']],
  currency: [...NONSENSE, ['unknown', 'ZZZ'], ['two letters', 'US']],
  timezone: [...NONSENSE, ['unknown', 'Mars/Olympus'], ['a path', '../etc/passwd']],
  slug: [LONG, CONTROL, ['blanks', 'a b'], ['a slash', 'a/b'], ['another letter', 'ä']],
  code: [LONG, CONTROL, ['blanks', 'A B'], ['a slash', 'A/B']],
  networks: [...NONSENSE, ['too many bits', '10.0.0.0/33'], ['bits behind the prefix', '203.0.113.7/24'], ['a name', 'shop.example'],
    ['the second', '203.0.113.7\r\nx']],
  terms: [...NONSENSE, ['half', '{'], ['another value', '[]'], ['an unknown key', '{"x":1}']],
  time: [...NONSENSE, ['another order', '31.12.2026'], ['no such day', '2026-02-30']],
  clock: [...NONSENSE, ['no such time', '25:00']],
  text: [LONG, CONTROL],
  secret: [LONG, CONTROL, ['too short', 'x']],
  total: [...NONSENSE, ['another', '0.01']],
  number: [...NONSENSE, ['half', '1.5'], ['huge', '99999999999999999999']],
  value: [...NONSENSE, ['three at once', '1 2 3']],
  check: [['a word', 'maybe'], ['a number', '7']],
  select: [['a word', 'nonsense'], ['negative', '-1'], CONTROL],
};

const ASKS = {
  country: 'country', currency: 'currency', timezone: 'timezone', slug: 'slug', code: 'code', terms: 'terms', confirm: 'total',
  from: 'time', until: 'time', to: 'time', parent_from: 'time', cutoff: 'time', date: 'time', since: 'time', time: 'clock', webhook_secret: 'secret',
  allowed_ips: 'networks', after: 'number', version: 'number', recurring_months: 'number', percent: 'value', amount: 'value', value: 'value',
};

function wrongValues(field, strangers) {
  if (['partner', 'parent', 'campaign'].includes(field.name))
    return [...ID, ["another organisation's", strangers[field.name === 'campaign' ? 'campaign' : 'partner']]];
  if (['select', 'check'].includes(field.kind)) return WRONG[field.kind];
  return WRONG[ASKS[field.name]] ?? WRONG[field.type] ?? WRONG.text;
}

// What people would type into forms that come empty.
const typed = (ids, n) => ({
  name: `Eve ${n}`, email: `eve@hooli${n}.example`, partner: ids.partner, campaign: ids.campaign, slug: `eve-${n}`, code: `EVE${n}`,
  url: 'https://shop.example/page', currency: 'USD', webhook_secret: 'whsec_abcdefghijklmnopqrstuvwx', timezone: 'Europe/Berlin',
  country: 'DE', since: '2026-11-20', note: 'Because', reason: 'As agreed', version: '1', confirm: ids.total, percent: '12.5',
  value: '12.5', terms: JSON.stringify(terms), current: password, password: another, repeat: another,
  company: `Hooli ${n}`, domain: `hooli${n}.example`, account: `huge${n}.example`, days: '7',
  allowed_ips: '203.0.113.7',
});

onEachDatabase('forms', (database) => {
  let server, api, owner, partner, ids, strangers, forms;

  const everything = async () => {
    const all = {};
    for (const path of LISTS) all[path] = (await api.get(path, 200)).body;
    return JSON.stringify(all, (name, value) => (name === 'last_used_at' ? undefined : value)); // of the keys: nobody's doing
  };

  async function actFor(of, email) {
    await server.cli('user create', { input: `${password}\n` }, '--email', email, '--name', 'Ann', '--password-stdin');
    await server.cli('member add', '--org', 'acme', '--email', email, '--role', 'partner', '--partner', of);
    return { email, password };
  }

  const campaignOf = async (org, name) => (await org.api.post('/campaigns', {
    name, slug: name.toLowerCase(), currency: 'USD', url: 'https://shop.example/', review: true, terms,
  }, 201)).body.id;

  const joins = async (org, campaign, name, more) => (await org.api.post('/partners',
    { name, email: `${name.toLowerCase()}@partners.example`, campaign, payout_account: 'DE02', ...more }, 201)).body.id;

  const sale = (number, slug) => api.post('/track/sale',
    { id: `in-${number}`, code: slug, amount: 9900, currency: 'USD', customer: { id: `cu-${number}` } }, 201);

  async function setTheStage() {
    server = await database.serve();
    const acme = await server.org('acme', { currency: 'USD', timezone: 'Europe/Berlin' });
    const other = await server.org('other');
    api = acme.api;
    const campaign = await campaignOf(acme, 'Spring');
    const ann = await joins(acme, campaign, 'Ann', { status: 'approved' });
    await joins(acme, campaign, 'Zoe');
    const gone = await joins(acme, campaign, 'Gus', { status: 'approved' });
    await api.post(`/partners/${gone}/suspend`, {}, 200);
    await api.put(`/partners/${ann}/override`, { campaign, reward: { type: 'percentage', value: '25' }, from: '2099-01-01' }, 200);
    await api.post('/links', { partner: ann, campaign, slug: 'ann' }, 201);
    await api.post('/codes', { partner: ann, campaign, code: 'ANN10' }, 201);
    await sale(1, 'ann');
    await database.pass('31d');
    const paid = (await api.post('/payout-runs', { currency: 'USD', method: 'manual' }, 201)).body.id;
    await api.post(`/payout-runs/${paid}/approve`, {}, 200);
    await sale(2, 'ann');
    await database.pass('31d');
    await sale(3, 'ann');
    await sale(4, 'ann');
    await api.post(`/commissions/${(await api.get('/commissions', 200)).body.data[0].id}/hold`, {}, 200);
    const draft = (await api.post('/payout-runs', { currency: 'USD', method: 'manual' }, 201)).body;
    const higher = { ...terms, reward: { type: 'percentage', value: '21' } };
    await api.post(`/campaigns/${campaign}/restatements`, { terms: higher, reason: 'Agreed' }, 201);
    await api.post('/protected-accounts', { account: 'big.example' }, 201);
    await api.post('/deals', { partner: ann, campaign, company: 'Big', domain: 'big.example' }, 201);
    await api.post('/deals', { partner: ann, campaign, company: 'Initech', domain: 'initech.example' }, 201);
    await api.put('/providers/stripe', { webhook_secret: 'whsec_first_abcdefghijklmnop' }, 200);
    const hooks = (await api.post('/webhook-endpoints', { url: 'https://hooks.example/' }, 201)).body.id;
    await api.post(`/webhook-endpoints/${hooks}/test`, {}, 202);
    await api.post('/webhook-endpoints', { url: 'https://hooks.example/off', status: 'disabled' }, 201);
    await server.user(acme, { email: 'mia@acme.example', name: 'Mia', role: 'viewer' });
    await api.post('/invitations', { email: 'ivy@acme.example', role: 'viewer' }, 201);
    await api.post('/keys', { name: 'shop', scopes: ['read'] }, 201);
    const theirs = await campaignOf(other, 'Theirs');
    strangers = { campaign: theirs, partner: await joins(other, theirs, 'Nia', { status: 'approved' }) };
    ids = { campaign, partner: ann, total: (draft.payouts[0].amount / 100).toFixed(2) };
    // Each is signed in twice, so that there is something to sign out of.
    const twice = async (person) => {
      await new Visitor(server).signIn(person);
      return new Visitor(server).signIn(person);
    };
    owner = await twice(await server.user(acme, { email: 'owner@acme.example', name: 'Olga' }));
    partner = await twice(await actFor(ann, 'ann@partners.example'));
  }

  const shapeOf = (path) => path.split('?')[0].replace(/\/[a-z]{3}_[0-9a-z]{10,}/g, '/:id');
  const routeOf = (action) => posts.find((path) => new RegExp(`^${path.replace(/:(id|org|step)/g, '[^/]+')}$`).test(action));

  // Every form that can be reached; several pages of one kind, since what one can do differs.
  async function gather(who, starts) {
    const found = new Map(), seen = new Map(), queue = [...starts];
    while (queue.length) {
      const path = queue.shift();
      const times = seen.get(shapeOf(path)) ?? [];
      if (times.includes(path) || times.length > 5 || /\.csv|\/(export|statement)$/.test(path)) continue;
      seen.set(shapeOf(path), [...times, path]);
      const { text } = await who.ask('GET', path);
      who.csrf ??= /name="csrf" value="([^"]+)"/.exec(text)[1];
      for (const form of formsOf(text)) {
        const key = shapeOf(form.action);
        if (form.action !== '/sign-out' && !(found.get(key)?.fields.length >= form.fields.length)) found.set(key, { ...form, who, page: path });
      }
      for (const [, link] of text.matchAll(/href="(\/(?:app|portal)\/[^"#]*)/g)) queue.push(link.replaceAll('&amp;', '&'));
    }
    return found;
  }

  // The form that publishes terms stands on a page that is asked for with the terms.
  async function preview() {
    const path = `/app/acme/campaigns/${ids.campaign}/terms/draft`;
    const { text } = await owner.ask('POST', path, { csrf: owner.csrf, step: 'preview', terms: JSON.stringify({ ...terms, hold_days: 7 }) });
    const form = formsOf(text).find(({ action }) => action.endsWith('/terms'));
    return { ...form, who: owner, page: path };
  }

  let count = 0;
  function goodOf(form) {
    const people = typed(ids, ++count), good = {};
    for (const field of form.fields) good[field.name] = field.value || (field.kind === 'hidden' ? '' : people[field.name] ?? '');
    for (const { name, options } of form.fields.filter(({ name }) => name.endsWith('/how'))) {
      // The choice beside which a number counts.
      good[name] = ['renewals', 'days'].find((one) => options.includes(one)) ?? good[name];
      good[name.replace('/how', '/is')] ||= '3';
    }
    if (form.action.endsWith('/terms')) good.when = 'later';
    if (form.action.endsWith('/terms')) good.date = database.now().toISOString().slice(0, 4) * 1 + 1 + '-01-01';
    if (/\/(draft|what-if)$/.test(form.action)) good.step = 'preview';
    return { ...good, csrf: form.who.csrf };
  }

  before(async () => {
    await setTheStage();
    forms = [...(await gather(owner, [...STARTS.map((path) => `/app/acme${path}`), '/account'])).values(),
      ...(await gather(partner, ['/portal/acme'])).values(), await preview()];
  }, { timeout: 120_000 });

  test('every form of the route table is on a page', () => {
    const there = new Set(forms.map(({ action }) => routeOf(action)));
    assert.deepEqual(posts.filter((path) => !there.has(path)), []);
  });

  // A choice that does not exist cannot be shown again.
  function forgotten(again, field, sent) {
    for (const { name, kind, type, value } of again.fields) {
      if (type === 'password' && value === '') continue; // never sent back
      if (name === 'csrf' || !(name in sent) || ['hidden', 'select'].includes(kind) || (kind === 'check' && name === field.name)) continue;
      const kept = [sent[name], sent[name].trim(), sent[name].replace('\u0007', ' ')].includes(value);
      if (!kept) return `forgets ${name}: "${value.slice(0, 40)}" for "${sent[name].slice(0, 40)}"`;
    }
    return '';
  }

  // What is wrong with the page that comes back, or ''.
  function faultOf(form, field, sent, answer) {
    if (answer.status < 400 || answer.status > 499) return `answered ${answer.status} ${answer.to}`;
    if (!answer.type.startsWith('text/html')) return `answered ${answer.type}`;
    if (field.kind === 'hidden' && answer.status === 400 && /<h1>\w/.test(answer.text)) return '';
    if (!/role="alert"[^>]*>(?:<svg.*?<\/svg>)?[^]*?\w/.test(answer.text)) return `says nothing: ${answer.text.slice(0, 200)}`;
    if (field.kind === 'hidden') return '';
    const again = formsOf(answer.text).find(({ action, fields }) => action === form.action
      && fields.some(({ name }) => name === field.name));
    if (!again) return `answered ${answer.status} without the form`;
    const shown = again.fields.find(({ name }) => name === field.name);
    if (!again.shown) return 'the form comes back closed';
    if (!shown?.invalid) return `is not marked; ${/id="problem"[^]*?<p>([^]*?)<\/p>/.exec(answer.text)?.[1]}`;
    if (!shown.message) return 'has no message that describes it';
    // Of two inputs that say one thing together it leads to the first.
    const ids = [shown.id, shown.id.replace(/-(is|how)$/, '')];
    if (!ids.some((id) => answer.text.includes(`href="#${id}"`))) return 'the alert does not lead to it';
    return forgotten(again, field, sent);
  }

  async function tryOne(form, field, what, value, faults) {
    const sent = { ...goodOf(form), [field.name]: value };
    const answer = await form.who.ask('POST', form.action, sent);
    const fault = faultOf(form, field, sent, answer);
    if (fault) faults.push(`${shapeOf(form.action)} ${field.name}, ${what}: ${fault}`);
    return 1;
  }

  test('every field refuses what it cannot be, and says so where it stands', { timeout: 300_000 }, async () => {
    const faults = [];
    let tried = 0;
    for (const form of forms) {
      const stored = await everything();
      for (const field of form.fields.filter(({ name }) => !ASIDE.has(name))) {
        if (field.required) tried += await tryOne(form, field, 'missing', '', faults);
        for (const [what, value] of wrongValues(field, strangers)) tried += await tryOne(form, field, what, value, faults);
      }
      if (await everything() !== stored) faults.push(`${shapeOf(form.action)}: something was stored`);
    }
    assert.deepEqual(faults, []);
    assert.ok(tried > 300, `${tried} wrong values tried`);
  });

  // What is wrong only together with something else, or with what there is already.
  test('contradictions are said at one of the fields', async () => {
    const stored = await everything();
    const faults = [];
    for (const [action, field, more] of [
      ['/partners', 'email', { email: 'ann@partners.example' }],
      ['/links', 'slug', { slug: 'ann' }],
      ['/codes', 'code', { code: 'ann10' }],
      ['/campaigns', 'slug', { slug: 'spring' }],
      ['/settings/team', 'without_money', { role: 'owner', without_money: '1' }],
      ['/settings/team', 'without_personal_data', { role: 'owner', without_personal_data: '1' }],
      ['/settings/team', 'role', { email: 'owner@acme.example', role: 'viewer' }],
      [`/partners/${ids.partner}/override`, 'until', { from: '2026-12-02', until: '2026-12-01' }],
      [`/partners/${ids.partner}/override`, 'reward', { kind: 'percentage', reward: '101' }],
      [`/partners/${ids.partner}/override`, 'reward', { kind: 'fixed', reward: '1.234' }],
      ['/payouts', 'cutoff', { cutoff: '2199-01-01' }],
    ]) {
      const form = forms.find((one) => one.action === `/app/acme${action}`);
      const sent = { ...goodOf(form), ...more };
      const fault = faultOf(form, form.fields.find(({ name }) => name === field), sent, await owner.ask('POST', form.action, sent));
      if (fault) faults.push(`${action} ${JSON.stringify(more)}: ${fault}`);
    }
    assert.deepEqual(faults, []);
    assert.equal(await everything(), stored);
  });

  test('bytes that are no text are refused by name', async () => {
    const stored = await everything();
    for (const form of forms) {
      for (const { name } of form.fields.filter((field) => field.name !== 'csrf')) {
        for (const bytes of ['%ff%fe', '%00', 'a%c3', '%zz', '%ed%a0%80']) {
          const { [name]: _, ...rest } = goodOf(form);
          const answer = await form.who.ask('POST', form.action, `${new URLSearchParams(rest)}&${name}=${bytes}`);
          assert.equal(answer.status, bytes === '%00' ? 422 : 400, `${form.action} ${name}=${bytes}`);
          const says = new RegExp(`parameter (&quot;|&#34;|")${name.replaceAll('.', '\\.')}`);
          if (bytes !== '%00') assert.match(answer.text, says, `${form.action} ${name}=${bytes}`);
        }
      }
    }
    assert.equal(await everything(), stored);
  });

  test('without the token of the session, with too much or as something else, nothing is done', async () => {
    const stored = await everything();
    for (const form of forms) {
      const good = goodOf(form);
      for (const csrf of ['', 'x', partner.csrf === form.who.csrf ? owner.csrf : partner.csrf])
        assert.equal((await form.who.ask('POST', form.action, { ...good, csrf })).status, 403, form.action);
      const big = await form.who.ask('POST', form.action, { ...good, more: 'x'.repeat(300_000) });
      assert.equal(big.status, 413, form.action);
      const many = await form.who.ask('POST', form.action, `csrf=${form.who.csrf}${'&a=1'.repeat(1001)}`);
      assert.equal(many.status, 413, form.action);
    }
    assert.equal(await everything(), stored);
  });

  test('what people would type is taken', async () => {
    const undoes = /sign-out|cancel|remove|revoke|clear|withdraw|renew|sessions\/ses_|\/(ban|suspend|decline|reject|hold|lose)$/;
    const isLast = ({ action }) => action.endsWith('/win'); // nothing else can be done with the deal then
    const takes = forms.filter(({ action }) => !undoes.test(action)).sort((a, b) => isLast(a) - isLast(b));
    for (const form of takes) {
      const { status, to, text } = await form.who.ask('POST', form.action, goodOf(form));
      const said = /id="problem"[^]*?<p>([^]*?)<\/p>/.exec(text)?.[1];
      assert.ok(status === 303 || status === 200, `${form.action} on ${form.page} gave ${status} ${to} ${said} ${JSON.stringify(goodOf(form))}`);
    }
  });
});
