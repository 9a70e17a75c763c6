import type { ContractIdentity } from '../rpc/protocol.ts';

/** Fingerprint of the contract at a version; written by `node tools/contract-hash.ts --write`. */
export const CONTRACT_IDENTITY: ContractIdentity = { version: 24, hash: '36dd6150b5d52ab1' };
