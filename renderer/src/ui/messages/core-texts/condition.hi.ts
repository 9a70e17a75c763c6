import { coreText } from '../core-texts.ts';

const label = (text: string): string => coreText(text === 'the vehicle' ? 'Vehicle' : text, 'hi');
/** `15 %` as it is, `Active` in Hindi; `on` and `off` of a parameter without words of its own. */
const state = (text: string): string => (text === 'on' ? 'चालू' : text === 'off' ? 'बंद' : coreText(text, 'hi'));

type Form = readonly [RegExp, (...parts: string[]) => string];

/** Every form that shared/domain/alerts/condition-words.ts gives one condition; the first that fits. */
const FORMS: readonly Form[] = [
  [/^(.+) rises by at least (.+) a minute over (.+)$/, (name, rate, window) => `${window} में ${label(name)} कम से कम ${rate} प्रति मिनट बढ़े`],
  [/^(.+) falls by at least (.+) a minute over (.+)$/, (name, rate, window) => `${window} में ${label(name)} कम से कम ${rate} प्रति मिनट घटे`],
  [/^nothing heard of (.+) for (.+)$/i, (name, time) => `${label(name)}: ${time} तक कोई डेटा नहीं`],
  [/^moved by more than (.+) m with the ignition off$/i, (metres) => `इग्निशन बंद होने पर ${metres} m से ज़्यादा हिला`],
  [/^(.+) above (.+)$/, (name, limit) => `${label(name)} ${limit} से ऊपर`],
  [/^(.+) below (.+)$/, (name, limit) => `${label(name)} ${limit} से नीचे`],
  [/^(.+) at least (.+)$/, (name, limit) => `${label(name)} कम से कम ${state(limit)}`],
  [/^(.+) at most (.+)$/, (name, limit) => `${label(name)} अधिकतम ${state(limit)}`],
  [/^(.+) is not (.+)$/, (name, value) => `${label(name)}: ${state(value)} नहीं`],
  [/^(.+) is (.+)$/, (name, value) => `${label(name)}: ${state(value)}`],
];

/** The parts of `a and (b or c)` that stand outside brackets, and the words between them. */
function parts(words: string): { readonly texts: readonly string[]; readonly between: string } {
  const texts: string[] = [];
  let between = '';
  let depth = 0;
  let from = 0;
  for (let at = 0; at < words.length; at++) {
    if (words[at] === '(') depth++;
    if (words[at] === ')') depth--;
    const joint = depth === 0 ? [' and ', ' or '].find((one) => words.startsWith(one, at)) : undefined;
    if (joint === undefined) continue;
    texts.push(words.slice(from, at));
    between = joint;
    from = at + joint.length;
  }
  return { texts: [...texts, words.slice(from)], between };
}

/** The words of a rule's condition (condition-words.ts) in Hindi; labels may be in Hindi already. */
export function conditionInHindi(words: string): string {
  const network = /^At least (.+) % of a city’s vehicles, and at least (.+), fell silent within (.+)$/.exec(words);
  if (network) return `${network[3]} में शहर के कम से कम ${network[1]} % (कम से कम ${network[2]}) वाहन चुप हो गए`;
  const delayed = /^(.+), for at least (.+)$/.exec(words);
  if (delayed) return `${conditionInHindi(delayed[1] ?? '')}, कम से कम ${delayed[2]} तक`;
  const repeated = /^(\d+) times within (.+?): (.+)$/.exec(words);
  if (repeated) return `${repeated[2]} में ${repeated[1]} बार: ${conditionInHindi(repeated[3] ?? '')}`;
  const { texts, between } = parts(words);
  if (texts.length > 1) return texts.map(conditionInHindi).join(between === ' and ' ? ' और ' : ' या ');
  const inner = /^\((.+)\)$/.exec(words);
  if (inner) return `(${conditionInHindi(inner[1] ?? '')})`;
  for (const [form, hindi] of FORMS) {
    const found = form.exec(words);
    if (found) return hindi(...found.slice(1));
  }
  return words;
}
