import { fileResponse, textResponse, type AssetRequest, type AssetResponse } from './asset-response.ts';
import { safePath } from './safe-path.ts';

/** A file that the core made for one download. */
export interface Download {
  readonly path: string;
  readonly fileName: string;
  readonly contentType: string;
}

export interface ConsoleAssetsOptions {
  /** The built renderer. */
  readonly webFolder: string;
  /** The product's resources; only what the map needs is served. */
  readonly resourcesFolder: string;
  /** The installation's data folder: a map file found there stands in for the product's, such as official boundaries. */
  readonly ownFolder?: () => string | undefined;
  streetMapFile(): Promise<string | undefined>;
  takeDownload(token: string): Promise<Download | undefined>;
}

const IMMUTABLE = 'public, max-age=31536000, immutable';
/** Folders of resources that are served whole, and single files of others. */
const SERVED_FOLDERS = ['basemap', 'gazetteer'];
const SERVED_FILES = ['/demo/roads.geojson'];
/** What stands behind addresses that no file has; browsers ask for the second one by themselves. */
const STAND_INS: Readonly<Record<string, string>> = { '/': '/index.html', '/favicon.ico': '/favicon.svg' };
const STREET_MAP = '/streets.pmtiles';
const DOWNLOAD = /^\/files\/([\w-]{1,200})$/;

/**
 * Everything that a window of the console may fetch besides its RPC: the renderer, the map's data, the street map, one-time downloads. Who may
 * ask is the host's business.
 */
export function consoleAssets(options: ConsoleAssetsOptions): (request: AssetRequest) => Promise<AssetResponse> {
  return async (request) => {
    const { method, path } = request;
    if (method !== 'GET' && method !== 'HEAD') return textResponse(405, 'Only GET.', { Allow: 'GET, HEAD' });

    const token = DOWNLOAD.exec(path)?.[1];
    if (token !== undefined) {
      // Looking must not use the address up.
      const download = method === 'GET' ? await options.takeDownload(token) : undefined;
      if (download === undefined) return textResponse(404, 'This download is no longer available. Export again.');
      return fileResponse(request, download.path, { contentType: download.contentType, downloadName: download.fileName, cacheControl: 'no-store' });
    }

    if (path === STREET_MAP) {
      const file = await options.streetMapFile();
      return file === undefined ? textResponse(404, 'No street map is set.') : fileResponse(request, file, { contentType: 'application/vnd.pmtiles' });
    }

    const resource = /^\/([a-z]+)\//.exec(path)?.[1];
    const inResources = (resource !== undefined && SERVED_FOLDERS.includes(resource)) || SERVED_FILES.includes(path);
    const ownFolder = inResources ? options.ownFolder?.() : undefined;
    const own = ownFolder === undefined ? undefined : safePath(ownFolder, path);
    if (own !== undefined) {
      const response = await fileResponse(request, own, { cacheControl: 'no-cache' });
      if (response.status !== 404) return response;
    }
    const file = safePath(inResources ? options.resourcesFolder : options.webFolder, STAND_INS[path] ?? path);
    if (file === undefined) return textResponse(404, 'Not found.');
    // Vite names everything below assets/ by its content.
    return fileResponse(request, file, { cacheControl: path.startsWith('/assets/') ? IMMUTABLE : 'no-cache' });
  };
}
