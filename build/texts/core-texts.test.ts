import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { coreText, CORE_TEXTS } from '#renderer/ui/messages/core-texts.ts';
import { LOCALE_NAMES, OFFERED_LOCALES, SOURCE_LOCALE, type OtherLocale } from '#renderer/ui/messages/locale.ts';
import { PERMISSIONS, ROLES } from '#shared/domain/access/permissions.ts';
import { defaultRules } from '#shared/domain/alerts/index.ts';
import { FLEET_COLUMNS, STATUS_LABELS, type FleetColumn } from '#shared/domain/fleet/columns.ts';
import { RECORD_WORDS } from '#shared/domain/history/record-words.ts';
import { STATIC_PARAMETERS } from '#shared/domain/telemetry/catalogue/index.ts';
import { RESOURCES } from '#shared/resources/registry.ts';
import { MUTATORS } from '#shared/sync/mutators/index.ts';
import { textsOf } from './core-sources.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/**
 * Who says something that no user of a window meets: the command line and the start of a host, damaged files that an administrator reads
 * in the terminal or log, programming errors between window and core, test material.
 */
const OUTSIDE = /^(?:shared\/(?:testing|platform-node|rpc|kernel|domain\/geo|domain\/telemetry)\/|electron\/(?:core-process|host-node|main|preload|simulator|core\/store\/operations\/emptied)|.*\.(?:test|mosquitto)\.ts$)/;
const said = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'shared', 'electron'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path.endsWith('.ts') && !path.includes('.test.') && !OUTSIDE.test(path))
  .flatMap((path) => textsOf(path, readFileSync(join(root, path), 'utf8')).map(({ text, line }) => ({ text, at: `${path}:${line}` })));

/** Abbreviations, and names that are the same in every language. */
const SAME = /^(?:[A-Z0-9 +/-]+|WiFi(?: \+ BLE)?|.* ID|HDOP|SoC|[A-Z0-9]+\.?)$/;

const labels = new Set<string>([
  ...RESOURCES.flatMap(({ label, fields, details, joined }) => [
    label.one, label.many, ...Object.values(fields).flatMap((field) => [field.label, ...(field.help === undefined ? [] : [field.help]), ...(field.values ?? []).map((value) => value.label)]),
    ...(details ?? []).map(({ title }) => title), ...Object.values(joined).flatMap((column) => (column.label === undefined ? [] : [column.label])),
  ]),
  ...FLEET_COLUMNS.flatMap((column: FleetColumn) => [column.label, ...(column.words ?? [])]),
  ...STATUS_LABELS,
  ...STATIC_PARAMETERS.flatMap(({ label, choices }) => [label, ...Object.values(choices ?? {})]),
  ...defaultRules([{ id: 'two', wheels: '2W' }, { id: 'three', wheels: '3W' }]).flatMap(({ name, action }) => [name, action]),
  ...RECORD_WORDS.flatMap(({ word, text }) => [word, text]),
  ...Object.values(ROLES).map(({ label }) => label),
  ...Object.values(PERMISSIONS),
  ...Object.values(MUTATORS).map(({ label }) => label),
]);

test('the sources say something', () => {
  expect([said.length > 100, labels.size > 300]).toEqual([true, true]);
});

const others = (Object.keys(LOCALE_NAMES) as (keyof typeof LOCALE_NAMES)[]).filter((locale): locale is OtherLocale => locale !== SOURCE_LOCALE);
describe.each(others.filter((locale) => OFFERED_LOCALES.includes(locale)))('texts of the core in %s', (locale) => {
  const forms = new Set(Object.keys(CORE_TEXTS[locale]).map((key) => key.replace(/\{\w+\}/g, '{}')));

  test('no message or notice of the core is missing', () => {
    expect(said.filter(({ text }) => !forms.has(text)).map(({ text, at }) => `${at} ${text}`)).toEqual([]);
  });

  test('no label, choice, name or action is missing', () => {
    expect([...labels].filter((label) => !SAME.test(label) && coreText(label, locale) === label)).toEqual([]);
  });

  test('abbreviations are the only English left in what is translated', () => {
    const known = /^(?:host|path|mqtt|mqtts|wss?|pmtiles|name|company|com|kbit|min|xlsx|csv|xls|seatLock|id|evf|example|broker)$/i;
    const english = Object.entries(CORE_TEXTS[locale]).filter(([, text]) => (text.replace(/\{\w+\}/g, '').match(/\b[a-z]{3,}\b/g) ?? []).some((word) => !known.test(word)));
    expect(english.map(([, text]) => text)).toEqual([]);
  });
});
