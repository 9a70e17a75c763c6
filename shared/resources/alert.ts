import { z } from 'zod';
import { ALERT_TABS } from '../domain/alerts/rule.ts';
import { defineResource, type RowOf } from './define-resource.ts';
import { choice, identifier, instant, integer, json, number, reference, text, yesNo } from './field.ts';

/** The value that a parameter had when an alert rose; `time` is its event time, epoch ms. */
export const alertInsight = z.strictObject({ parameter: z.number().int(), value: z.number(), time: z.number() });

/**
 * An alert. What the vehicle did (raised, occurred, returned) is written by the alert service from telemetry; what people did
 * about it by mutators. Model, customer and city are those of the vehicle now, kept by triggers of the operations database.
 */
export const alert = defineResource({
  name: 'alert',
  label: { one: 'Alert', many: 'Alerts' },
  title: 'name',
  fields: {
    ruleId: reference({ label: 'Rule', to: 'alert-rule', mandatory: 'always', fixed: true, whenDeleted: 'keep' }),
    ruleVersion: integer({ label: 'Version of the rule', min: 1, max: 1_000_000, mandatory: 'always', fixed: true }),
    name: text({ label: 'Alert', max: 80, mandatory: 'always', searchable: true, fixed: true }),
    tab: choice({
      label: 'Tab',
      values: [
        { value: 'smart', label: 'Smart Alerts' },
        { value: 'bms', label: 'BMS Alerts' },
        { value: 'mcu', label: 'MCU Alerts' },
        { value: 'charger', label: 'Charger Alerts' },
        { value: 'vcu', label: 'VCU Alerts' },
      ],
      mandatory: 'always',
      fixed: true,
    }),
    severity: choice({
      label: 'Severity',
      values: [
        { value: 'critical', label: 'Critical' },
        { value: 'high', label: 'High' },
        { value: 'low', label: 'Low' },
      ],
      mandatory: 'always',
      fixed: true,
    }),
    vehicleId: reference({ label: 'Vehicle', to: 'product', mandatory: 'always', fixed: true, whenDeleted: 'keep' }),
    vin: identifier({ label: 'VIN', mandatory: 'always', searchable: true, fixed: true }),
    modelId: reference({ label: 'Model', to: 'vehicle-model', fixed: true, whenDeleted: 'keep' }),
    customerId: reference({ label: 'Customer', to: 'customer', fixed: true, whenDeleted: 'keep' }),
    cityId: reference({ label: 'City', to: 'location', fixed: true, whenDeleted: 'keep' }),
    place: text({ label: 'Location', max: 300, fixed: true }),
    latitude: number({ label: 'Latitude', min: -90, max: 90, fixed: true }),
    longitude: number({ label: 'Longitude', min: -180, max: 180, fixed: true }),
    raisedAt: instant({ label: 'Raised', mandatory: 'always', fixed: true }),
    receivedAt: instant({ label: 'Received', mandatory: 'always', fixed: true }),
    lastOccurrenceAt: instant({ label: 'Last occurrence', mandatory: 'always', fixed: true }),
    occurrences: integer({ label: 'Occurrences', min: 1, max: 1_000_000_000, mandatory: 'always', fixed: true }),
    returnedAt: instant({ label: 'Returned to normal', fixed: true }),
    mutedBy: choice({
      label: 'Muted by',
      values: [
        { value: 'offline', label: 'Vehicle offline' },
        { value: 'bms-bus-lost', label: 'BMS bus lost' },
        { value: 'network', label: 'Network' },
        { value: 'workshop', label: 'Workshop mode' },
        { value: 'ota', label: 'OTA install' },
        { value: 'late', label: 'Late data' },
      ],
      fixed: true,
    }),
    value: number({ label: 'Value', min: -1e300, max: 1e300, fixed: true }),
    graphParameter: integer({ label: 'Parameter', min: 0, max: 65_535, fixed: true }),
    insights: json({ label: 'Insights', schema: z.array(alertInsight), mandatory: 'always', fixed: true }),
    acknowledgedAt: instant({ label: 'Acknowledged' }),
    acknowledgedBy: text({ label: 'Acknowledged by' }),
    clearedAt: instant({ label: 'Cleared' }),
    clearedBy: text({ label: 'Cleared by' }),
    clearComment: text({ label: 'Comment', max: 2000 }),
    forced: yesNo({ label: 'Forced' }),
    shelvedUntil: instant({ label: 'Shelved until' }),
    shelvedBy: text({ label: 'Shelved by' }),
    shelfReason: text({ label: 'Reason', max: 500 }),
    ownerId: reference({ label: 'Owner', to: 'user', whenDeleted: 'keep' }),
    comments: integer({ label: 'Comments', min: 0, max: 1_000_000, mandatory: 'always' }),
    acts: integer({ label: 'Acts', help: 'What people did to it that the alert engine has to know.', min: 0, max: 1_000_000, mandatory: 'always' }),
  },
  scope: { field: 'customerId' },
  permissions: { read: 'alerts.read', write: 'alerts.work' },
});

export type AlertRecord = RowOf<typeof alert.fields>;

/** One entry of an alert's comment thread. */
export const alertComment = defineResource({
  name: 'alert-comment',
  label: { one: 'Comment', many: 'Comments' },
  title: 'text',
  fields: {
    alertId: reference({ label: 'Alert', to: 'alert', mandatory: 'always', fixed: true, whenDeleted: 'keep' }),
    author: text({ label: 'By', mandatory: 'always', fixed: true }),
    text: text({ label: 'Comment', max: 2000, mandatory: 'always' }),
  },
  scope: { resource: 'alert', through: 'alertId', field: 'customerId' },
  permissions: { read: 'alerts.read', write: 'alerts.work' },
});

export type AlertCommentRow = RowOf<typeof alertComment.fields>;

/** Tabs that a customer's users do not see. Its id belongs to the customer. */
export const alertTabs = defineResource({
  name: 'alert-tabs',
  label: { one: 'Hidden alert tabs', many: 'Hidden alert tabs' },
  title: 'customerId',
  fields: {
    customerId: reference({ label: 'Customer', to: 'customer', mandatory: 'always', unique: 'exact', fixed: true, whenDeleted: 'keep' }),
    hidden: json({ label: 'Hidden tabs', schema: z.array(z.enum(ALERT_TABS)), mandatory: 'always' }),
  },
  scope: { field: 'customerId' },
  permissions: { read: 'alerts.read', write: 'alerts.manage' },
});

export type AlertTabsRow = RowOf<typeof alertTabs.fields>;
