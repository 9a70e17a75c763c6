export type Strength = 0 | 1 | 2 | 3 | 4;

/** Beginnings and bodies of the passwords that are tried first. */
const COMMON = ['password', 'passwort', 'qwerty', 'letmein', 'welcome', 'admin', 'iloveyou', 'abc123', '123456', '111111', 'command', 'center', 'vehicle', 'india'];

/** Characters that add something: repeats and runs (aaa, 123, cba) count once. */
function effectiveLength(password: string): number {
  let count = 0;
  for (let i = 0; i < password.length; i++) {
    const step = password.charCodeAt(i) - password.charCodeAt(i - 1);
    const before = password.charCodeAt(i - 1) - password.charCodeAt(i - 2);
    if (i > 1 && step === before && Math.abs(step) <= 1) continue;
    count += 1;
  }
  return count;
}

/**
 * How hard a password is to guess: 0 too short (below 8), 1 weak, 2 fair, 3 good, 4 strong. Length counts most; kinds of
 * characters help a little; common words and runs do not count. Advice only: the core decides what it takes.
 */
export function passwordStrength(password: string): Strength {
  if (password.length < 8) return 0;
  let rest = password.toLowerCase();
  let penalty = 0;
  for (const word of COMMON) {
    if (!rest.includes(word)) continue;
    rest = rest.replace(word, '');
    penalty += word.length - 1;
  }
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(password)).length;
  const score = effectiveLength(password) - penalty + (kinds - 1) * 1.5;
  if (score < 8) return 1;
  if (score < 12) return 2;
  if (score < 16) return 3;
  return 4;
}
