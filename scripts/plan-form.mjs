import { controlsOf } from './markup.mjs';
import { formOn } from './plain-browser.mjs';

const REASON = 'Errors after release';

/**
 * The form of a plan page filled in, as it would be sent: every warning ticked, service name typed, reason given. `null`
 * where the page has none.
 */
export function filledPlan(plan) {
  const form = formOn(plan, (one, page) => controlsOf(page, one).some(({ attributes }) => attributes.name === 'plan'));
  if (form === null) return null;
  const service = decodeURIComponent(new URL(plan.url).pathname.split('/')[4] ?? '');
  const entries = form.entries((control) => answerTo(control, { service, reason: reasonIn(form.controls) }));
  return { from: plan.url, to: form.to, multipart: form.multipart, entries };
}

/** The reason we give, or the first one where the plan offers others. */
function reasonIn(controls) {
  const offered = controls.filter(isReason).map(({ attributes }) => attributes.value);
  return offered.length === 0 || offered.includes(REASON) ? REASON : offered[0];
}

function isReason({ attributes }) {
  return attributes.type === 'radio' && attributes.name === 'reason';
}

function answerTo(control, { service, reason }) {
  const { name, type, value = 'on' } = control.attributes;
  if (type === 'checkbox' && name === 'ticked') return value;
  if (isReason(control)) return value === reason ? value : null;
  if (name === 'reason' && type !== 'hidden') return reason;
  return name === 'typed' ? service : undefined;
}
