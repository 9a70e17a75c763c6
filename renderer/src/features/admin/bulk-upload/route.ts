import type { RouteRecordRaw } from 'vue-router';
import type { ModuleTab, SearchCommand } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

export const bulkUploadRoute: RouteRecordRaw = {
  path: '/admin/bulk-upload',
  name: 'admin-bulk-upload',
  component: () => import('./BulkUploadPage.vue'),
  meta: { get title() { return t('page.title'); }, permission: 'admin.read' },
};

export const bulkUploadTab: ModuleTab = { get title() { return t('page.title'); }, route: 'admin-bulk-upload', permission: 'admin.read' };

export const bulkUploadCommand: SearchCommand = { id: 'admin-bulk-upload', get title() { return t('page.title'); }, keywords: 'excel import template sales data update', icon: 'upload', permission: 'admin.read', to: { name: 'admin-bulk-upload' } };
