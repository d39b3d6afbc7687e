// What a registry says, or the way to it, as one sentence for people: what is wrong and what to do about it.

/** What went wrong before the registry answered. */
export function reachProblem(error: unknown, name: string): string {
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(code)) {
    return `the certificate of registry ${name} is of an authority that is not known here; give its certificate when you log in there, or put it into /etc/docker/certs.d/${name}/ca.crt`;
  }
  if (code === 'CERT_HAS_EXPIRED') return `the certificate of registry ${name} has expired; renew it there`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `the certificate of registry ${name} is not for this name; use a name that is in it`;
  if (code === 'EPROTO' && /wrong version|packet length/i.test(message)) return `registry ${name} speaks without encryption; write http:// in front of its address`;
  if (code === 'ABORT_ERR' || code === 'ETIMEDOUT' || (cause instanceof Error && cause.name === 'TimeoutError')) return `registry ${name} did not answer in time; see whether it runs and can be reached from here`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `registry ${name} cannot be reached: there is no such name; correct its address`;
  return `registry ${name} cannot be reached (${code === '' ? message : code}); see whether it runs and can be reached from here`;
}

/** An answer that is none of what was asked for. */
export function answerProblem(status: number, name: string, hasLogin: boolean): string {
  if (status === 401 && hasLogin) return `registry ${name} refuses this user name and password; log in again`;
  if (status === 401) return `registry ${name} wants a log-in; log in there with Clocker: Log In to Registry or docker login ${name}`;
  if (status === 403) return `registry ${name} does not allow this${hasLogin ? ' to this user' : ' without a log-in'}`;
  if (status === 404) return `registry ${name} does not have this`;
  if (status === 429) return `registry ${name} has been asked too often; wait a while${hasLogin ? '' : ', or log in'}`;
  return `registry ${name} answered ${status}`;
}
