import type { ContractIdentity } from '../rpc/protocol.ts';

/** Fingerprint of the contract at a version; written by `node tools/contract-hash.ts --write`. */
export const CONTRACT_IDENTITY: ContractIdentity = { version: 27, hash: '5c0ebd43800cb0b9' };
