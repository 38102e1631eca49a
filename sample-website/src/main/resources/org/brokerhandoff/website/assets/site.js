// Makes the pages more comfortable; without it, every form and link works as it stands.
'use strict';

const announcer = document.querySelector('[data-announce]');

function announce(text) {
  announcer.textContent = '';
  // A reader is told of a change only.
  setTimeout(() => { announcer.textContent = text; }, 100);
}

async function send(form, submitter) {
  const fields = new URLSearchParams(new FormData(form, submitter));
  const answer = await fetch(form.action, {
    method: 'POST', body: fields, headers: { Accept: 'application/json' }, credentials: 'same-origin'
  });
  return { status: answer.status, json: await answer.json() };
}

// What was written stays in the page while ingest says what is wrong with it.
function showErrors(form, title, errors) {
  const summary = form.querySelector('[data-summary]');
  for (const field of form.querySelectorAll('[data-field]')) {
    const error = errors.find(each => each.field === field.dataset.field);
    const text = field.querySelector('.error');
    field.classList.toggle('wrong', Boolean(error));
    text.hidden = !error;
    text.textContent = error ? error.message : '';
    for (const input of field.querySelectorAll('input:not([type=checkbox]), select, textarea')) {
      if (error) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
    }
  }
  const list = summary.querySelector('ul');
  list.replaceChildren(...errors.map(error => {
    const link = document.createElement('a');
    link.href = '#' + error.field;
    link.textContent = error.message;
    link.addEventListener('click', event => {
      const field = form.querySelector(`[data-field="${error.field}"]`);
      const target = field && field.querySelector('input, select, textarea');
      if (target) {
        event.preventDefault();
        target.focus();
      }
    });
    const item = document.createElement('li');
    item.append(link);
    return item;
  }));
  list.hidden = errors.length === 0;
  summary.querySelector('h2').textContent = title;
  summary.hidden = false;
  summary.focus();
}

for (const form of document.querySelectorAll('[data-form]')) {
  // The messages of this site say more than the browser's.
  form.noValidate = true;
  const button = form.querySelector('button.main');
  const label = button.textContent;
  let underWay = false;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (underWay) return;
    underWay = true;
    button.setAttribute('aria-disabled', 'true');
    button.textContent = form.dataset.sending;
    try {
      const { json } = await send(form, event.submitter);
      if (json.location) {
        location.assign(json.location);
        return;
      }
      showErrors(form, json.errors ? json.title : `${json.title}. ${json.text}`, json.errors || []);
    } catch {
      showErrors(form, form.dataset.offline, []);
    }
    underWay = false;
    button.removeAttribute('aria-disabled');
    button.textContent = label;
  });
}

// A choice of cookies must not cost what is half written below it.
const banner = document.querySelector('[data-banner]');
if (banner) {
  const form = banner.querySelector('form');
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const { status, json } = await send(form, event.submitter).catch(() => ({ status: 0, json: {} }));
    if (status === 200) {
      banner.hidden = true;
      announce(banner.dataset.saved);
      document.querySelector('main').focus({ preventScroll: true });
    } else {
      banner.querySelector('p').textContent = json.text || form.dataset.offline;
    }
  });
}

// The status follows by itself until nothing will change any more.
async function follow() {
  const live = document.querySelector('[data-live]');
  if (!live || live.dataset.live === 'true') return;
  if (!document.hidden) {
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' }, credentials: 'same-origin' });
      if (answer.ok) {
        const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-live]');
        if (next && next.textContent !== live.textContent) {
          const focused = live.contains(document.activeElement) && document.activeElement.getAttribute('href');
          const shown = document.importNode(next, true);
          live.replaceWith(shown);
          if (focused) shown.querySelector(`[href="${focused}"]`)?.focus();
          announce([...document.querySelectorAll('[data-headline]')].map(each => each.textContent).join('. '));
        }
      }
    } catch {
      // The next round may succeed.
    }
  }
  setTimeout(follow, 1500);
}
setTimeout(follow, 1000);
