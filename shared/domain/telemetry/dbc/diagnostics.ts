import type { DbcDiagnostic, DbcDiagnosticCode, DbcSeverity } from './model.ts';

/** Collects findings, in line order when read, at most `limit` of each severity; what exceeds it is counted in one last entry. */
export class DiagnosticList {
  readonly #limit: number;
  readonly #kept: DbcDiagnostic[] = [];
  readonly #counts = { error: 0, warning: 0, info: 0 };

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(severity: DbcSeverity, code: DbcDiagnosticCode, line: number, message: string): void {
    if (this.#counts[severity]++ < this.#limit) this.#kept.push({ line, severity, code, message });
  }

  /** The findings by line. */
  toArray(): DbcDiagnostic[] {
    const sorted = this.#kept.sort((a, b) => a.line - b.line);
    for (const severity of ['error', 'warning', 'info'] as const) {
      const more = this.#counts[severity] - this.#limit;
      if (more > 0) sorted.push({ line: sorted.at(-1)?.line ?? 1, severity, code: 'more', message: `${more} more of this severity are not listed.` });
    }
    return sorted;
  }
}
