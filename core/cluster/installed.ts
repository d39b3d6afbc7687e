// How a container comes by what its commands install: from an image that was caught before, or by running them. Told in the
// plan; no part of what a container is compared by, for the container is the same either way.

export type Installed =
  /** From an image that `host` has: installing is skipped. */
  | { readonly kind: 'caught'; readonly image: string; readonly host: string }
  /** By its commands; what they install is kept for the next. */
  | { readonly kind: 'first'; readonly image: string }
  /** From the image that is caught for another container of the same plan. */
  | { readonly kind: 'after'; readonly image: string; readonly containerName: string }
  /** By its commands, in the container itself; `reason` says why nothing is kept, where that is not what somebody asked for. */
  | { readonly kind: 'here'; readonly reason?: string };
