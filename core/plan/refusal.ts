// Why something that is wanted cannot be had.

/** Something that cannot be done as the hosts are now, with a sentence saying what to do about it. */
export interface Refusal {
  readonly entity: string;
  readonly reason: string;
  /** The host that is waited for: without it, the entity could go elsewhere. */
  readonly downHost?: string;
}
