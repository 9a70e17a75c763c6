import type { ContractIdentity } from '../rpc/protocol.ts';

/** Fingerprint of the contract at a version; written by `node tools/contract-hash.ts --write`. */
export const CONTRACT_IDENTITY: ContractIdentity = { version: 18, hash: 'a7bc874ff0fe07bc' };
