/** What of the page has no room: sideways scrolling, texts cut off without their whole on hover, controls beyond the edge. */
export function roomProblems(): string[] {
  const problems: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) problems.push(`the page is ${root.scrollWidth} wide`);
  const main = document.querySelector('main');
  if (main && main.scrollWidth > main.clientWidth) problems.push(`its main part is ${main.scrollWidth} of ${main.clientWidth} wide`);
  for (const element of document.querySelectorAll<HTMLElement>('h1, h2, h3, button, th, td, dt, dd, label, p')) {
    const style = getComputedStyle(element);
    // Visually hidden texts are for screen readers; grids scroll sideways within themselves.
    if (style.clipPath !== 'none' || element.closest('[title], .cc-visually-hidden, .grid-box') !== null || element.clientWidth === 0) continue;
    if (style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1) problems.push(`cut off: ${element.innerText.slice(0, 60)}`);
  }
  for (const control of document.querySelectorAll<HTMLElement>('header button, nav a, main button')) {
    const box = control.getBoundingClientRect();
    if (control.closest('.grid-box') === null && box.width > 1 && (box.right > innerWidth + 1 || box.left < -1)) problems.push(`beyond the edge: ${control.innerText || control.getAttribute('aria-label')}`);
  }
  return problems;
}
