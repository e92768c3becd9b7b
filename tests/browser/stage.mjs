// SPDX-License-Identifier: Apache-2.0
//
// Two organisations for the tests of pages: "acme" with some of everything, "bare" with nothing.
const terms = {
  trigger: 'sale',
  reward: { type: 'percentage', value: '20' },
  recurring_months: 12,
  hold_days: 30,
  minimum_payout: 1000,
  tiers: { by: 'revenue', period: 'lifetime', steps: [{ from: 50000, reward: { type: 'percentage', value: '25' } }] },
  groups: { friends: { reward: { type: 'percentage', value: '30' } } },
};

async function join(api, campaign, name, more = {}) {
  const email = `${name.toLowerCase()}@partners.example`;
  const { body } = await api.post('/partners', { name, email, campaign, payout_account: email, ...more }, 201);
  return body;
}

async function sale(api, code, number, amount) {
  const customer = { id: `cu-${number}`, email: `buyer${number}@mail.example` };
  const { body } = await api.post('/track/sale',
    { id: `in-${number}`, code, amount, currency: 'USD', tax: Math.round(amount / 11), customer }, 201);
  return body;
}

async function fill(org) {
  const { api } = org;
  const campaign = (await api.post('/campaigns', {
    name: 'Affiliates', slug: 'affiliates', currency: 'USD', url: 'https://acme.example/', review: true, terms,
  }, 201)).body.id;
  const ann = await join(api, campaign, 'Ann', { status: 'approved', country: 'DE' });
  const bob = await join(api, campaign, 'Bob', { status: 'approved', parent: ann.id });
  const eve = await join(api, campaign, 'Eve', { status: 'approved' });
  const zoe = await join(api, campaign, 'Zoe');
  for (const [partner, slug] of [[ann, 'ann'], [bob, 'bob'], [eve, 'eve']])
    await api.post('/links', { partner: partner.id, campaign, slug }, 201);
  await api.post('/codes', { partner: ann.id, campaign, code: 'ANN10' }, 201);
  for (let i = 1; i <= 6; i++) await sale(api, i % 2 ? 'ann' : 'bob', i, 9900 * i);
  await api.post(`/partners/${eve.id}/suspend`, {}, 200);
  await sale(api, 'eve', 7, 12900);
  await sale(api, 'nobody-has-this', 8, 5000);
  await api.post('/protected-accounts', { account: 'big.example', note: 'Our own' }, 201);
  const deal = async (partner, company, domain, more = {}) =>
    (await api.post('/deals', { campaign, partner: partner.id, company, domain, ...more }, 201)).body.id;
  const deals = [
    await deal(ann, 'Hooli', 'hooli.example', { email: 'jo@hooli.example', amount: 500000, note: 'A demo is planned.' }),
    await deal(bob, 'Hooli Inc', 'hooli.example'),
    await deal(bob, 'Big Corp', 'big.example', { amount: 900000 }),
    await deal(bob, 'Initech', 'initech.example', { amount: 120000 }),
    await deal(ann, 'Globex', 'globex.example', { shares: [{ partner: ann.id, share_ppm: 600_000 }, { partner: bob.id, share_ppm: 400_000 }] }),
  ];
  await api.post(`/deals/${deals[3]}/win`, { customer: 'initech' }, 200);
  await api.post('/track/refund', { id: 're-1', sale_id: 'in-1', amount: 3300 }, 201);
  return { campaign, ann, bob, eve, zoe, deals };
}

// The server needs its clock moved between what is earned and what is paid.
export async function setTheStage(database) {
  const server = await database.serve();
  const acme = await server.org('acme', { currency: 'USD', timezone: 'Europe/Berlin', name: 'Acme Analytics' });
  const bare = await server.org('bare', { currency: 'EUR', name: 'Bare Bones' });
  const owner = await server.user(acme, { email: 'owner@acme.example', name: 'Olga Owner' });
  const viewer = await server.user(acme, { email: 'viewer@acme.example', name: 'Vic Viewer', role: 'viewer', without: 'money' });
  await server.cli('member add', '--org', 'bare', '--email', owner.email, '--role', 'owner');
  await server.cli('member add', '--org', 'bare', '--email', viewer.email, '--role', 'viewer', '--without', 'money');
  const space = await server.cli('workspace create', '--name', 'Umbrella');
  await server.cli('workspace adopt', '--workspace', space, '--org', 'acme');
  await server.cli('workspace member', '--workspace', space, '--email', owner.email, '--role', 'owner');
  const cast = await fill(acme);
  await acme.api.post('/invitations', { email: 'ivy@acme.example', role: 'manager', without: ['money'] }, 201);
  await acme.api.post('/invitations', { email: 'agent@partners.example', role: 'partner', partner: cast.ann.id }, 201);
  await database.pass('31d');
  await sale(acme.api, 'ann', 9, 9900);
  return { server, acme, bare, owner, viewer, space, cast };
}
