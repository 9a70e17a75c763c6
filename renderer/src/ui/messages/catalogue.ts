/** A text, or the two forms of a counted text, chosen by the parameter `count`. `{name}` stands for a parameter. */
export type Text = string | { readonly one: string; readonly other: string };
export type Texts = Readonly<Record<string, Text>>;

type Placeholders<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
type NamesOf<T> = T extends string ? Placeholders<T> : T extends { one: infer O extends string; other: infer P extends string } ? 'count' | Placeholders<O> | Placeholders<P> : never;
type Parameters<T> = { readonly [Name in NamesOf<T>]: string | number };

/** Reads one text; parameters that the text names are required by the type. */
export type Translate<M extends Texts> = <K extends keyof M & string>(key: K, ...parameters: [NamesOf<M[K]>] extends [never] ? [] : [Parameters<M[K]>]) => string;

const whole = new Intl.NumberFormat('en-GB');

/** The reader of a set of texts. Numbers are grouped (8,030). */
export function createCatalogue<const M extends Texts>(texts: M): Translate<M> {
  return (key, ...rest) => {
    const parameters = (rest[0] ?? {}) as Readonly<Record<string, string | number>>;
    const text: Text = texts[key] as Text;
    const form = typeof text === 'string' ? text : parameters['count'] === 1 ? text.one : text.other;
    return form.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = parameters[name];
      return typeof value === 'number' ? whole.format(value) : (value ?? '');
    });
  };
}
