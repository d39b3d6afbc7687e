// Why a host cannot be reached, as one sentence for people: what, where, what to do. For what an engine answers once it is
// reached see ../problems.ts.

/** Its message is the sentence, without a full stop. */
export class Unreachable extends Error {}

/** Why no connection over TCP came about, by the system's error code; undefined for codes that say nothing of that. */
export function dialProblem(code: string, where: string): string | undefined {
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens at ${where}: the connection was refused; start the service there, or correct the address and the port`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NONAME':
      return `the name of ${where} is not known here; correct it, or use the machine's address`;
    case 'ETIMEDOUT':
      return `nothing answers at ${where}; is the machine on, the address right, and no firewall in between?`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
      return `no way leads from here to ${where}; is the machine on and the network connected?`;
    default:
      return undefined;
  }
}

/** Why TLS failed, by OpenSSL's error code; undefined for codes that say nothing of that. `names` are those of the certificate. */
export function tlsProblem(code: string, where: string, names = ''): string | undefined {
  // Versions of OpenSSL and BoringSSL name the same alert after SSLV3, TLSV1, TLSV13 or SSL/TLS.
  switch (code.replace(/^ERR_SSL_(?:SSL|TLS)[^_]*_(?:ALERT_)?/, 'ALERT_')) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the certificate of ${where} is not for this name${names === '' ? '' : `, but for ${names}`}; use a name that it is for, or give the engine a certificate for this one`;
    case 'CERT_HAS_EXPIRED':
      return `the certificate of ${where} has expired; renew it there`;
    case 'CERT_NOT_YET_VALID':
      return `the certificate of ${where} is not valid yet; is the clock right, there and here?`;
    case 'CERT_REVOKED':
      return `the certificate of ${where} was revoked; do not use this host before its owner has renewed it`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_SIGNATURE_FAILURE':
    case 'INVALID_CA':
    case 'CERT_UNTRUSTED':
      return `the certificate of ${where} is from an authority that is not known here; if it is yours, name its certificate as ca in the host's tls`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'ERR_SSL_HTTP_REQUEST':
      return `${where} does not speak TLS; turn TLS on in its Docker Engine (--tlsverify), or correct the port`;
    case 'ALERT_CERTIFICATE_REQUIRED':
    case 'ALERT_HANDSHAKE_FAILURE':
      return `${where} wants to see a certificate of yours; name it and its key as cert and key in the host's tls`;
    case 'ALERT_UNKNOWN_CA':
    case 'ALERT_BAD_CERTIFICATE':
    case 'ALERT_CERTIFICATE_UNKNOWN':
    case 'ALERT_UNSUPPORTED_CERTIFICATE':
    case 'ALERT_DECRYPT_ERROR':
    case 'ALERT_ACCESS_DENIED':
      // Older engines say the same where they got none.
      return `${where} wants a certificate of yours that is signed by the authority it trusts (--tlscacert), and got none or another one; correct cert and key in the host's tls`;
    case 'ALERT_CERTIFICATE_EXPIRED':
      return `your certificate for ${where} has expired; renew it`;
    default:
      return undefined;
  }
}

/** Why a file that the configuration names cannot be read. `what` is its part: "the certificate authority". */
export function fileProblem(error: unknown, what: string, file: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return `${what} ${file} is not there; correct the path in the host's configuration`;
  if (code === 'EACCES' || code === 'EPERM') return `${what} ${file} may not be read by this user; correct its rights`;
  if (code === 'EISDIR') return `${what} ${file} is a folder; name a file in the host's configuration`;
  return `${what} ${file} cannot be read (${error instanceof Error ? error.message : String(error)})`;
}
