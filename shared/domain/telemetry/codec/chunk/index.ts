export { ChunkError } from './bytes.ts';
export { CHUNK_ROWS, CHUNK_VERSION, ChunkEncoder, type EncodedChunk } from './chunk.ts';
export { ChunkHead, ChunkReader, type ColumnHead, type ColumnValues } from './chunk-reader.ts';
export type { ColumnSummary } from './doubles.ts';
export { HEAD_COLUMNS, RowSet, type RowHead, type RowText } from './row-set.ts';
