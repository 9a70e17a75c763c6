const STEPS: Readonly<Record<string, number | 'first' | 'last'>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: 'first', End: 'last' };

/**
 * For `keydown` of a radiogroup or tablist made of buttons: arrows, Home and End choose the next one, which gets the focus
 * (WAI-ARIA Authoring Practices, Tabs and Radio Group patterns).
 */
export function chooseByArrows(event: KeyboardEvent): void {
  const step = STEPS[event.key];
  const group = event.currentTarget;
  if (step === undefined || event.ctrlKey || event.altKey || event.metaKey || !(group instanceof HTMLElement) || !(event.target instanceof HTMLElement)) return;
  const all = [...group.querySelectorAll<HTMLElement>('[role="radio"]:not(:disabled), [role="tab"]:not(:disabled)')];
  const at = all.findIndex((one) => one === event.target);
  const next = step === 'first' ? all[0] : step === 'last' ? all.at(-1) : at < 0 ? undefined : all[(at + step + all.length) % all.length];
  if (!next) return;
  event.preventDefault();
  next.click();
  next.focus();
}
