/**
 * Puts the focus into the field marked `autofocus` of the dialog that has opened; for its `open-auto-focus`. The dialog takes the focus to its
 * own frame right after that event, so the field gets it a moment later; what is typed at once then reaches it.
 */
export function focusField(): void {
  setTimeout(() => [...document.querySelectorAll<HTMLElement>('.el-overlay-dialog [autofocus]')].at(-1)?.focus());
}
