// SPDX-License-Identifier: Apache-2.0
//
// What pages do more with scripts than without: copy buttons, filters that apply
// themselves, menus that close, one sending per form, and keys. Everything works without.
'use strict';

const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
const typing = (e) => e.target.closest('input, textarea, select, [contenteditable]');

// <button data-copy="text"> or data-copy-from="id of an input or element">
document.addEventListener('click', async (e) => {
  const button = e.target.closest('[data-copy], [data-copy-from]');
  if (button) {
    const from = document.getElementById(button.dataset.copyFrom);
    const label = button.querySelector('[data-label]') ?? button;
    const was = label.textContent;
    await navigator.clipboard.writeText(button.dataset.copy ?? from.value ?? from.textContent);
    label.textContent = 'Copied';
    setTimeout(() => { label.textContent = was; }, 1500);
  }
  for (const open of all('details.act[open]')) if (!open.contains(e.target)) open.open = false;
});
for (const button of all('[data-copy], [data-copy-from]')) button.hidden = !navigator.clipboard;

// <form class="filters">: a choice applies at once, and empty fields stay out of the address.
for (const form of all('form.filters')) {
  form.addEventListener('change', (e) => { if (e.target.matches('select')) form.requestSubmit(); });
  form.addEventListener('submit', () => {
    for (const input of form.elements) if (input.name && !input.value) input.disabled = true;
  });
}
addEventListener('pageshow', () => {
  for (const input of all('form.filters :disabled')) input.disabled = false;
  for (const form of all('form[data-sent]')) delete form.dataset.sent;
});

// No form is sent twice by a double click.
document.addEventListener('submit', (e) => {
  const form = e.target;
  if (form.method !== 'post') return;
  if (form.dataset.sent) e.preventDefault();
  form.dataset.sent = '1';
});

// <form data-live="id">: while somebody types, that part of the page is what the server says of it.
for (const form of all('form[data-live]')) {
  const part = form.dataset.live;
  let timer, asked = 0;
  const renew = async () => {
    const number = ++asked;
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok || number !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const now = page.getElementById(part), was = document.getElementById(part);
    if (now && was && now.innerHTML !== was.innerHTML) was.replaceChildren(...now.childNodes);
  };
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => { renew().catch(() => {}); }, 400);
  });
}

// Keys: "/" to search, "g" and a letter to go, "j" and "k" along the rows.
const places = { o: '', p: '/partners', c: '/commissions', y: '/payouts', e: '/events', l: '/links', s: '/settings' };
const base = (location.pathname.match(/^\/app\/[^/]+/) ?? [])[0];
let before = '';

function along(step) {
  const links = all('tbody tr :is(th, td):first-child a');
  const at = links.indexOf(document.activeElement);
  (links[at + step] ?? links[step > 0 ? 0 : links.length - 1])?.focus();
}

// Single keys disturb those who speak to their computer: the switch stands in the menu.
const keys = document.getElementById('keys');
const keysOn = () => localStorage.getItem('keys') !== 'off';
if (keys) {
  keys.hidden = false;
  keys.setAttribute('aria-pressed', String(keysOn()));
  keys.addEventListener('click', () => {
    localStorage.setItem('keys', keysOn() ? 'off' : 'on');
    keys.setAttribute('aria-pressed', String(keysOn()));
  });
}

addEventListener('keydown', (e) => {
  if (e.key === 'Escape') for (const open of all('details.act[open]')) { open.open = false; open.firstElementChild.focus(); }
  if (e.ctrlKey || e.metaKey || e.altKey || typing(e) || !keysOn()) return;
  const search = document.getElementById('q');
  if (before === 'g' && base && e.key in places) location.href = base + places[e.key];
  else if (e.key === '/' && search) { e.preventDefault(); search.focus(); }
  else if (e.key === 'j') along(1);
  else if (e.key === 'k') along(-1);
  before = e.key;
});
