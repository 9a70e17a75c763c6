import type { MailBrand } from '../mail/link-mail.ts';

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The page behind every link: the script takes the token from the fragment; opening it uses nothing up. */
export function linkPage(brand: MailBrand): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(brand.name)}</title>
<style>body{font:16px/1.5 sans-serif;max-width:420px;margin:10vh auto;padding:0 16px;color:#1f2933;background:#fff}@media(prefers-color-scheme:dark){body{color:#e4e7eb;background:#14181d}input{background:#1f2933;color:#fff}}label{display:block;margin:12px 0}input{display:block;width:100%;box-sizing:border-box;padding:9px;font:inherit;border:1px solid #7b8794;border-radius:6px}button{font:inherit;padding:10px 18px;border:0;border-radius:6px;background:${escapeHtml(brand.accent)};color:#fff}</style></head>
<body><h1>${escapeHtml(brand.name)}</h1><p id="text" role="status">Checking the link …</p>
<form id="form" hidden><div id="first" hidden><label>E-mail address <input id="email" type="email" autocomplete="username"></label><label>Name <input id="name" autocomplete="name"></label></div>
<label>New password <input id="password" type="password" autocomplete="new-password" required minlength="8"></label><label>Repeat the password <input id="again" type="password" autocomplete="new-password" required></label><button>Set password</button></form>
<script src="/link.js"></script></body></html>`;
}

/** The script of the page. */
export const LINK_SCRIPT = `const token=location.hash.slice(1);const at=(id)=>document.getElementById(id);const say=(text)=>{at('text').textContent=text};
const post=async(path,body)=>{const answer=await fetch(path,{method:'POST',headers:{'content-type':'application/json'},body:JSON.stringify(body)});const data=await answer.json();if(!answer.ok)throw new Error(data.error.message);return data};
let purpose;post('/auth/link/describe',{token}).then((link)=>{purpose=link.purpose;at('form').hidden=false;at('first').hidden=purpose!=='setup';say(purpose==='setup'?'Make the first Super Admin of this server.':'Choose a password for '+link.email+'.')},(error)=>say(error.message));
at('form').addEventListener('submit',async(event)=>{event.preventDefault();const password=at('password').value;if(password!==at('again').value)return say('The passwords differ.');
try{await(purpose==='setup'?post('/auth/setup',{token,password,email:at('email').value,name:at('name').value}):post('/auth/link/redeem',{token,password}));at('form').hidden=true;history.replaceState(null,'',location.pathname);say('The password is set. Sign in with the Command Center app.')}catch(error){say(error.message)}});
`;
