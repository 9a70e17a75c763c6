import { crc32, deflateRawSync } from 'node:zlib';
import ExcelJS from 'exceljs';

/** A packed part of an archive; `size` and `crc` may lie. */
export interface PackedPart {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly size?: number;
  readonly encrypted?: boolean;
}

/** An archive with deflated parts, as its directory claims them to be. */
export function deflatedZip(parts: readonly PackedPart[]): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, size = bytes.length, encrypted = false } of parts) {
    const packed = deflateRawSync(bytes, { level: 9 });
    const text = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(encrypted ? 1 : 0, 6);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(crc32(bytes), 14);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(text.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    local.copy(central, 6, 4, 30);
    central.writeUInt32LE(at, 42);
    directory.push(central, text);
    pieces.push(local, text, packed);
    at += local.length + text.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...pieces, list, end]);
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** The parts of a workbook of one sheet; `sheetData` is the XML between the tags of that name. */
export function workbookParts(sheetData: string, more: Readonly<Record<string, string>> = {}): PackedPart[] {
  const texts: Record<string, string> = {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="Rows" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${MAIN}"><sheetData>${sheetData}</sheetData></worksheet>`,
    ...more,
  };
  return Object.entries(texts).map(([name, text]) => ({ name, bytes: Buffer.from(text) }));
}

/** Writes a workbook with these rows, as spreadsheets do. */
export async function writeWorkbook(path: string, rows: readonly (readonly unknown[])[], sheet = 'Rows'): Promise<void> {
  const workbook = new ExcelJS.Workbook();
  workbook.addWorksheet(sheet).addRows(rows.map((row) => [...row]));
  await workbook.xlsx.writeFile(path);
}

