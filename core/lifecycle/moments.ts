// Moments in the life of an entity that commands install, at which a latch can hold it: its container is there then, and what
// comes before was done. Latches of the start as a whole, and those of entities that commands do not install, hold all of it.

/** By the latch's config key. */
const moments = {
  'latch.preInstall.resources': 'copying pre-install files',
  'latch.setup': 'set-up',
  'latch.install.resources': 'copying install files',
  'latch.install': 'install',
  'latch.customize.resources': 'copying customize files',
  'latch.customize': 'customize',
  'latch.launch.resources': 'copying launch files',
  'latch.launch': 'launch',
} as const;

export type Moment = (typeof moments)[keyof typeof moments];

/** Undefined for keys that are no latch of a moment. */
export function momentOf(key: string): Moment | undefined {
  return new Map<string, Moment>(Object.entries(moments)).get(key);
}

/** Nothing is held there where nothing is installed. */
export function isOfInstalling(moment: Moment): boolean {
  return !/customize|launch/.test(moment);
}

/** The latches of an installation. */
export const installLatches: readonly string[] = Object.entries(moments).flatMap(([key, moment]) => (isOfInstalling(moment) ? [key] : []));
