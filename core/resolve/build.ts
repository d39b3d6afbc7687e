// The image that is built for an entity from a Dockerfile, made from its effective config: `docker.dockerfile.url` and the keys
// around it. Until somebody has read what lies there, it is a name alone.

import { type Value, isMap } from '#core/coerce/value.ts';
import { looksSecret } from '#core/blueprint/mask.ts';
import { argsOf, givenNames, imageBuild, repositoryOf, templateOf, type DockerfileSource, type FoundBuild, type ImageBuild, type KeptBuild } from '#core/image/imageBuild.ts';
import { readPlace } from '#core/image/buildSource.ts';
import type { CourseWorld } from '#core/resolve/course.ts';
import type { Config, Effective } from '#core/resolve/effective.ts';
import type { Values } from '#core/resolve/values.ts';

export interface BuildWorld extends Pick<CourseWorld, 'fill'> {
  /** What was found there; undefined where nobody has looked. */
  readonly build: (source: DockerfileSource) => FoundBuild | KeptBuild | undefined;
}

export interface BuiltImage {
  readonly image: string;
  readonly build?: ImageBuild;
}

const key = 'docker.dockerfile.url';
const nearness: Readonly<Record<Effective['from'], number>> = { entity: 0, type: 1, parent: 2, default: 3 };

/** Whether the image is built from a Dockerfile: what is written nearest counts, and of two as near the image's name, as in Clocker. */
export function isBuilt(config: Config): boolean {
  const dockerfile = config.get(key);
  const name = config.get('docker.image.name');
  return dockerfile !== undefined && (name === undefined || nearness[dockerfile.from] < nearness[name.from]);
}

/** Undefined where the entity has no Dockerfile, or one that cannot be had (yet), which has been said. */
export function builtImage(values: Values, world: BuildWorld): BuiltImage | undefined {
  const dockerfile = values.find(key);
  if (!dockerfile) return undefined;
  const context = placeAt(values, 'docker.context.url');
  const entrypoint = placeAt(values, 'docker.entrypoint.url');
  const source: DockerfileSource = { dockerfile: values.text(key) ?? '', ...(context !== undefined && { context }), ...(entrypoint !== undefined && { entrypoint }) };
  const read = readPlace(source.dockerfile);
  if ('problem' in read) {
    values.complain(dockerfile.effective, `${key}: ${read.problem}`);
    return undefined;
  }
  const repository = repositoryOf(source, values.text('docker.dockerfile.name'));
  const found = world.build(source);
  if (found === undefined) return { image: repository };
  if ('keptImage' in found) return { image: found.keptImage };
  const given = substitutionsOf(values);
  const names = new Map<string, string>([...givenNames(repository), ...given]);
  const template = templateOf(found.text, names.keys());
  if (template?.asksSecret === true || [...given.keys()].some((name) => looksSecret(name) && uses(found.text, name))) {
    values.complain(dockerfile.effective, `its Dockerfile is given a value that looks secret, which would stay in the image for everybody to read; give it to the container (docker.container.environment)`);
    return { image: repository };
  }
  const text = template === undefined ? found.text : world.fill(dockerfile.effective, template.text, new Map<Value, Value>(names));
  if (text === undefined) return { image: repository };
  const build = imageBuild(source, repository, found, { text, args: argsOf(found.text, given) });
  return { image: build.image, build };
}

function placeAt(values: Values, name: string): string | undefined {
  const found = values.find(name);
  const written = values.text(name)?.trim();
  if (!found || written === undefined || written === '') return undefined;
  const read = readPlace(written);
  if ('problem' in read) values.complain(found.effective, `${name}: ${read.problem}`);
  return written;
}

function substitutionsOf(values: Values): ReadonlyMap<string, string> {
  const found = values.find('docker.dockerfile.substitutions');
  if (!found) return new Map();
  if (isMap(found.value)) return new Map([...found.value].map(([name, value]) => [values.textOf(name), value === null ? '' : values.textOf(value)]));
  values.complain(found.effective, 'docker.dockerfile.substitutions: a map is wanted, of names and values; write for example { VERSION: "1.2" }');
  return new Map();
}

/** Filled in, or declared as an argument. */
function uses(text: string, name: string): boolean {
  return templateOf(text, [name]) !== undefined || Object.keys(argsOf(text, new Map([[name, '']]))).length > 0;
}
