import type { ContractIdentity } from '../rpc/protocol.ts';

/** Fingerprint of the contract at a version; written by `node tools/contract-hash.ts --write`. */
export const CONTRACT_IDENTITY: ContractIdentity = { version: 33, hash: '286e0c13c1af2db2' };
