import { createCatalogue } from '#renderer/ui/messages/catalogue.ts';
import { hi } from './messages.hi.ts';

/** Every text of the pages before sign-in. */
export const texts = {
  'demo.title': 'Demo sign-in',
  'demo.text': 'This workspace holds an invented fleet. Nothing here reaches a real vehicle.',
  'demo.use': 'Use these',
  'field.code': 'One-time code',
  'field.email': 'E-mail',
  'field.name': 'Your name',
  'field.newPassword': 'New password',
  'field.password': 'Password',
  'field.passwordAgain': 'The same password again',
  'first.intro': 'This workspace has no user yet. The first one becomes Super Admin and can add others.',
  'first.submit': 'Create user and sign in',
  'first.title': 'First user',
  'forgot.back': 'Back to sign in',
  'forgot.done': 'Your password is changed. Sign in with it.',
  'forgot.explain': 'Without a mail server there is no reset link. Ask an administrator of this installation to open Settings › Users and show a one-time code for your address. It is valid for 30 minutes.',
  'forgot.submit': 'Set new password',
  'forgot.title': 'Forgotten password',
  'login.forgot': 'Forgot password?',
  'login.submit': 'Sign in',
  'login.title': 'Sign in',
  'login.wait': { one: 'Too many attempts. Try again in {count} second.', other: 'Too many attempts. Try again in {count} seconds.' },
  'login.wrong': 'E-mail or password is not right. Check both and try again.',
  'problem.code': 'Enter the code that the administrator shows you.',
  'problem.different': 'The two passwords differ.',
  'problem.email': 'Enter an e-mail address, such as name@example.com.',
  'problem.name': 'Enter your name as others should see it.',
  'problem.password': 'Enter your password.',
  'problem.short': 'Use at least 8 characters; 15 or more are better.',
  'version': 'Version {version}',
  'workspace.label': 'Workspace',
  'workspace.switching': 'Opening…',
} as const;

/** Reads a text of the pages before sign-in. */
export const t = createCatalogue(texts, { hi });
