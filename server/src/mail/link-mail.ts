/** A mail with a one-time link. */
export interface LinkMail {
  readonly purpose: 'activation' | 'reset';
  readonly to: string;
  readonly name: string;
  readonly link: string;
  /** Epoch ms. */
  readonly validUntil: number;
}

/** What an installation calls itself in mails and pages. */
export interface MailBrand {
  readonly name: string;
  readonly accent: string;
  readonly supportText: string;
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Subject, text and HTML of a mail; times in UTC. */
export function composeLinkMail(mail: LinkMail, brand: MailBrand): { readonly subject: string; readonly text: string; readonly html: string } {
  const activation = mail.purpose === 'activation';
  const subject = activation ? `Your account at ${brand.name}` : `Reset your password at ${brand.name}`;
  const lead = activation ? `An account was made for you at ${brand.name}. Choose a password to activate it.` : 'Somebody asked to reset the password of your account. Choose a new one, or ignore this mail if it was not you.';
  const action = activation ? 'Activate account' : 'Choose a new password';
  const until = `${new Date(mail.validUntil).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const limit = `The link works once, until ${until}.`;
  const text = [`Hello ${mail.name},`, '', lead, '', mail.link, '', limit, '', brand.supportText].join('\n');
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><body style="font-family:sans-serif;color:#1f2933;max-width:560px;margin:24px auto;padding:0 16px">
<h1 style="font-size:18px">${escapeHtml(brand.name)}</h1><p>Hello ${escapeHtml(mail.name)},</p><p>${escapeHtml(lead)}</p>
<p><a href="${escapeHtml(mail.link)}" style="background:${escapeHtml(brand.accent)};color:#fff;padding:10px 18px;border-radius:6px;text-decoration:none;display:inline-block">${escapeHtml(action)}</a></p>
<p style="color:#52606d;font-size:13px">${escapeHtml(limit)}<br>${escapeHtml(mail.link)}</p><p style="color:#52606d;font-size:13px">${escapeHtml(brand.supportText)}</p></body></html>`;
  return { subject, text, html };
}
