// The network that the containers of an application share on a host: a bridge of its own, on which each is found by its
// entity's key.

/** Derived from the application's id, so that nobody has to remember it. */
export function networkName(application: string): string {
  return `clocker-${application}`;
}
