/**
 * The choices of a text that may also be typed: those offered first, then those in use, each once. A text that is one of them already offers all,
 * so that the drop-down of a chosen value shows what else there is; any other narrows them.
 */
export function choicesFor(typed: string, offered: readonly string[], used: readonly string[]): readonly string[] {
  const all = [...new Set([...offered, ...used])];
  const needle = typed.trim().toLowerCase();
  return needle === '' || all.some((one) => one.toLowerCase() === needle) ? all : all.filter((one) => one.toLowerCase().includes(needle));
}
