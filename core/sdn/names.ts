// The names by which a container is found on the networks that it is on.

export interface Named {
  readonly entity: string;
  readonly application: string;
  /** The docker cloud, where there is one. */
  readonly cloud?: string;
  /** The cluster it is a member of, and which one, counted from 1. */
  readonly cluster?: { readonly entity: string; readonly index: number };
}

/** The shortest first. Members of a cluster share its name, which then leads to one after the other. */
export function namesOf({ entity, application, cloud, cluster }: Named): readonly string[] {
  const inFull = (name: string): readonly string[] => [name, `${name}.${application}`, `${name}.${application}.${cloud === undefined ? '' : `${cloud}.`}internal`];
  const { entity: group, index } = cluster ?? {};
  return [...new Set([entity, ...(group === undefined ? [] : [`${index}.${group}`, group])].flatMap(inFull))];
}
