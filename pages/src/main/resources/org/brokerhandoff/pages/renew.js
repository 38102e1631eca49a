// Renews the parts of the page that change; without it, a reload does.
'use strict';

const BETWEEN_MILLIS = 5000;

async function renew() {
  const pending = document.querySelector('[data-pending]');
  // A page of one signup stays as it is once its proof is there.
  if (document.hidden || (location.pathname === '/signup' && !pending)) return;
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, credentials: 'same-origin' });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const renewed = fresh.getElementById(part.id);
    // What has the focus, or is being read off, stays.
    const inUse = part.contains(document.activeElement) || String(getSelection()) !== '';
    if (renewed && !inUse && renewed.outerHTML !== part.outerHTML) part.replaceWith(document.importNode(renewed, true));
  }
}

setInterval(() => { renew().catch(() => {}); }, BETWEEN_MILLIS);
