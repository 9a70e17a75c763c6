/** What an error of a connection means, and what to do about it, in words. `address` is host and port as shown. */
export function connectionProblem(error: unknown, address: string): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'ECONNREFUSED') return `Nothing answers at ${address}. Check host and port, and that the broker is running.`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `The host of ${address} is not known. Check its name and this computer's network.`;
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'ETIMEDOUT') return `${address} cannot be reached from here. Check the network and any firewall.`;
  if (code === 4 || code === 134) return 'The broker refuses the user name or password.';
  if (code === 5 || code === 135) return 'The broker does not let this user in. Check user name, password and the access list of the broker.';
  if (code === 2 || code === 133) return 'The broker refuses the client id. Choose another one.';
  if (code === 1 || code === 132) return 'The broker does not speak this version of MQTT. Choose the other protocol version.';
  if (code === 3 || code === 136) return 'The broker says that it is not available. Try again later.';
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT' || code === 'SELF_SIGNED_CERT_IN_CHAIN' || code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' || code === 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' || code === 'UNABLE_TO_GET_ISSUER_CERT') {
    return "The broker's certificate is not trusted here. Give the certificate of the authority that issued it (CA).";
  }
  if (code === 'CERT_HAS_EXPIRED') return "The broker's certificate has expired. Renew it, and check this computer's clock.";
  if (code === 'CERT_NOT_YET_VALID') return "The broker's certificate is not valid yet. Check this computer's clock.";
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return "The broker's certificate is for another host name. Use the name that the certificate has.";
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') return `${address} does not speak TLS. Use mqtt:// or ws://, or the port for TLS.`;
  if (typeof code === 'string' && /ALERT_(?:CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN)/.test(code)) {
    return 'The broker refuses this client certificate, or asks for one. Check certificate and key.';
  }
  if (typeof code === 'string' && (code.startsWith('ERR_OSSL') || code.startsWith('ERR_CRYPTO') || code.startsWith('ERR_SSL_'))) {
    return 'The certificate or key cannot be used. Check that both are PEM, belong together, and that the passphrase is right.';
  }
  if (/unexpected server response/i.test(message)) return `${address} is a web server without MQTT at this path. Check the path of the address.`;
  if (/connack timeout|no answer/i.test(message)) return `${address} takes the connection and does not answer as an MQTT broker. Check the port.`;
  if (/malformed|invalid|parse|header|packet|protocol/i.test(message) || code === 'ECONNRESET' || code === 'EPIPE' || /closed/i.test(message)) {
    return `${address} is no MQTT broker, or ended the connection. Check port and whether it expects TLS or WebSocket.`;
  }
  return `The connection to ${address} failed: ${message}`;
}

function codeOf(error: unknown): string | number | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' || typeof error.code === 'number' ? error.code : undefined;
}
