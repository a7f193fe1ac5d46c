import { controlsOf, elements, entriesOf, parseMarkup } from './markup.mjs';

const MOST_REDIRECTS = 20;

/**
 * A browser without script: keeps cookies by host, follows redirects, and sends forms as people's browsers do.
 *
 * @returns `open` asks for an address; `send` posts form entries; both answer with the page that came of it, `status`,
 *   `url`, `headers`, `html` and its tree `page`. `cookies` are those of a host.
 */
export function plainBrowser() {
  const jars = new Map();
  const jarOf = (url) => {
    const { hostname } = new URL(url);
    if (!jars.has(hostname)) jars.set(hostname, new Map());
    return jars.get(hostname);
  };

  async function ask(url, options) {
    const cookie = [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = Object.fromEntries(
      Object.entries({ accept: 'text/html', ...(cookie && { cookie }), ...options.headers }).filter(
        ([, value]) => value !== null,
      ),
    );
    const answer = await fetch(url, { ...options, headers, redirect: 'manual', signal: AbortSignal.timeout(60_000) });
    for (const line of answer.headers.getSetCookie()) keep(jarOf(url), line);
    const html = await answer.text();
    return { url, status: answer.status, headers: answer.headers, html, page: parseMarkup(html) };
  }

  async function follow(answer, left = MOST_REDIRECTS) {
    const next = answer.status < 300 ? refreshOf(answer.page) : answer.headers.get('location');
    if (next === null || answer.status > 399) return answer;
    if (left === 0) throw new Error(`${answer.url} leads nowhere but on.`);
    return follow(await ask(new URL(next, answer.url).toString(), {}), left - 1);
  }

  return {
    open: async (url) => follow(await ask(url, {})),
    /** Posts entries to an address from a page; `headers` replace a browser's own, and those that are null are left out. */
    async send({ from, to, entries, multipart = false, headers = {}, followed = true }) {
      const body = multipart ? new FormData() : new URLSearchParams();
      for (const [name, value] of entries) body.append(name, value);
      const same = new URL(from).origin === new URL(to).origin;
      const own = { origin: new URL(from).origin, 'sec-fetch-site': same ? 'same-origin' : 'cross-site' };
      const answer = await ask(to, { method: 'POST', body, headers: { ...own, ...headers } });
      return followed ? follow(answer) : answer;
    },
    cookies: (url) => [...jarOf(url)],
  };
}

/** Where a page goes on to at once by itself; `null` where it stays. */
function refreshOf(page) {
  const [meta] = elements(page, ({ attributes }) => attributes['http-equiv'] === 'refresh');
  return /^0; ?url=(.+)$/.exec(meta?.attributes.content ?? '')?.[1] ?? null;
}

function keep(jar, line) {
  const [, name, value] = /^\s*([^=;\s]+)=([^;]*)/.exec(line) ?? [];
  if (name === undefined) return;
  const [, age] = /;\s*max-age=(-?\d+)/i.exec(line) ?? [];
  const [, until] = /;\s*expires=([^;]+)/i.exec(line) ?? [];
  const gone = age !== undefined ? Number(age) <= 0 : until !== undefined && Date.parse(until) <= Date.now();
  if (gone || value === '') jar.delete(name);
  else jar.set(name, value);
}

/** The first form of a page that passes, as it would be sent untouched. */
export function formOn({ page, url }, passes = () => true) {
  const form = elements(page, ({ tag }) => tag === 'form').find((one) => passes(one, page));
  if (form === undefined) return null;
  const controls = controlsOf(page, form);
  return {
    controls,
    to: new URL(form.attributes.action || url, url).toString(),
    multipart: form.attributes.enctype === 'multipart/form-data',
    entries: (choose) => controls.flatMap((control) => entriesOf(control, choose)),
  };
}
