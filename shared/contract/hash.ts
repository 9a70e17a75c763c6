import type { ContractIdentity } from '../rpc/protocol.ts';

/** Fingerprint of the contract at a version; written by `node tools/contract-hash.ts --write`. */
export const CONTRACT_IDENTITY: ContractIdentity = { version: 25, hash: '681cd3ee1061a7eb' };
