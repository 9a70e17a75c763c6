import { PHOTO_BYTES } from '#shared/resources/logbook-entry.ts';

/** Longest edge of a stored photo and of its small picture, px: a label on a part can be read in the first. */
const FULL = 2000;
const SMALL = 240;

export interface PhotoFile {
  readonly name: string;
  readonly content: Uint8Array<ArrayBuffer>;
  readonly thumbnail: Uint8Array<ArrayBuffer>;
  /** For this window; to be revoked. */
  readonly preview: string;
}

async function drawn(picture: ImageBitmap, edge: number, quality: number): Promise<Blob> {
  const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob === null ? reject(new Error('the picture cannot be drawn')) : resolve(blob)), 'image/jpeg', quality));
}

const bytesOf = async (blob: Blob): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await blob.arrayBuffer());

/**
 * A chosen picture, drawn anew: no larger than needed, turned as it was taken, without where and with what it was taken. Rejects for a file
 * that is no picture or stays too large.
 */
export async function readPhoto(file: File): Promise<PhotoFile> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  try {
    const full = await drawn(picture, FULL, 0.85);
    const content = await bytesOf(full);
    if (content.length > PHOTO_BYTES) throw new Error('the picture is too large');
    return { name: file.name, content, thumbnail: await bytesOf(await drawn(picture, SMALL, 0.8)), preview: URL.createObjectURL(full) };
  } finally {
    picture.close();
  }
}
