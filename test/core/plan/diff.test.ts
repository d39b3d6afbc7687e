import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diff, type MissingImage } from '#core/plan/diff.ts';
import type { Plan } from '#core/plan/plan.ts';
import { render } from '#core/plan/render.ts';
import { place } from '#core/placement/place.ts';
import { application, lines, observed } from './cluster.ts';

interface Case {
  readonly hosts: string;
  readonly entities: string;
  /** `a nginx`: host and image. */
  readonly missing?: string;
  readonly answer: string;
}

function planned({ hosts, entities, missing = '' }: Omit<Case, 'answer'>): Plan {
  const app = application(entities);
  const seen = observed(hosts);
  const images = missing === '' ? [] : lines(missing).map((line): MissingImage => ({ host: line.split(' ')[0] ?? '', image: line.split(' ')[1] ?? '' }));
  return diff({ application: app.id, applicationName: app.name, ...place(app, seen) }, seen, images);
}

/** The plan as `render` prints it. */
function check(name: string, { answer, ...input }: Case): void {
  test(name, () => assert.deepEqual(render(planned(input)), lines(answer)));
}

check('everything is new', {
  hosts: 'a up',
  entities: 'web nginx:1 8080->80 53/udp\ndb redis data:/data PASSWORD=hunter2',
  missing: 'a redis\na nginx:1\na other',
  answer: `
    + pull image redis on a
    + pull image nginx:1 on a
    + create shop-web on a
        image nginx:1, port 8080 -> 80, port any -> 53/udp
        here because a is the only host
    + create shop-db on a
        image redis, volume data -> /data
        here because a is the only host
    2 to create.`,
});

check('nothing to do', {
  hosts: 'a up\n  shop-web running shop/web nginx 80->80 A=1 B=2\n  x running - nginx\n  blog-web running blog/web nginx',
  entities: 'web nginx:latest 80->80 B=2 A=1',
  answer: 'Nothing to do: 1 container is as wanted.',
});

check('what changed, by name, values never', {
  hosts: 'a up\n  shop-web running shop/web nginx:1 80->80 GONE=a SECRET=old data:/d\n  shop-db running shop/db redis',
  entities: 'web nginx:2 81->80 SECRET=new NEW=b\ndb redis',
  answer: `
    ~ replace shop-web on a
        image nginx:1 becomes nginx:2
        environment variable GONE is removed
        environment variable NEW is added
        environment variable SECRET changes
        published ports change
        volumes change
        the new one runs before the old one stops
    1 to replace, 1 unchanged.`,
});

check('what is not running is started', {
  hosts: 'a up\n  shop-a exited shop/a nginx\n  shop-b created shop/b nginx\n  shop-c paused shop/c nginx\n  shop-d restarting shop/d nginx',
  entities: 'a nginx\nb nginx\nc nginx\nd nginx',
  answer: `
    ~ start shop-a on a
    ~ start shop-b on a
    ~ start shop-c on a
    3 to start, 1 unchanged.`,
});

check('what the blueprint no longer has is removed', {
  hosts: 'a up\n  shop-web running shop/web nginx\n  shop-db running shop/db redis',
  entities: 'web nginx',
  answer: `
    - remove shop-db on a
        db is no longer in the blueprint
    1 to remove, 1 unchanged.`,
});

check('a move makes the new one before it takes the old one', {
  hosts: 'a up\n  shop-web running shop/web nginx\nb up',
  entities: 'web nginx @b',
  answer: `
    + create shop-web on b
        image nginx
        here because the blueprint says b
    - remove shop-web on a
        web goes to b
    1 to create, 1 to remove.`,
});

check('two containers trade their ports', {
  hosts: 'a up\n  shop-x running shop/x nginx 80->80\n  shop-y running shop/y nginx 81->80',
  entities: 'x nginx 81->80\ny nginx 80->80',
  answer: `
    - remove shop-x on a
        another container takes over its port
    - remove shop-y on a
        another container takes over its port
    + create shop-x on a
        image nginx, port 81 -> 80
        here because it is already on a
    + create shop-y on a
        image nginx, port 80 -> 80
        here because it is already on a
    2 to create, 2 to remove.`,
});

check('a replacement that was cut short is finished', {
  hosts: 'a up\n  shop-web.replaced-123 exited shop/web nginx:1\n  shop-web created shop/web nginx:2',
  entities: 'web nginx:2',
  answer: `
    - remove shop-web.replaced-123 on a
        it is a second container of web
    ~ start shop-web on a
    1 to start, 1 to remove.`,
});

check('what was stopped on purpose is started, and that is said', {
  hosts: 'a up\n  shop-web stopped shop/web nginx\n  shop-db exited shop/db redis',
  entities: 'web nginx\ndb redis',
  answer: `
    ~ start shop-web on a
        it was stopped on purpose
    ~ start shop-db on a
    2 to start.`,
});

check('what only one of two can have decides which goes first; a container that does not run is in nobody\'s way', {
  hosts: 'a up\n  shop-web running shop/web nginx:1 80->80\n  shop-db running shop/db redis:1 data:/d\n  shop-any running shop/any nginx:1\n  shop-off exited shop/off nginx:1 81->80',
  entities: 'web nginx:2 80->80\ndb redis:2 data:/d\nany nginx:2 82->80\noff nginx:2 81->80',
  answer: `
    ~ replace shop-web on a
        image nginx:1 becomes nginx:2
        the old one stops first: both use port 80 of the host
    ~ replace shop-db on a
        image redis:1 becomes redis:2
        the old one stops first: both may write to volume data
    ~ replace shop-any on a
        image nginx:1 becomes nginx:2
        published ports change
        the new one runs before the old one stops
    ~ replace shop-off on a
        image nginx:1 becomes nginx:2
    4 to replace.`,
});

check('an old container that was only set aside gets its name back', {
  hosts: 'a up\n  shop-web.replaced-123 running shop/web nginx:1',
  entities: 'web nginx:1',
  answer: `
    ~ replace shop-web on a
        it is named shop-web.replaced-123, left over from a change that was cut short
        the new one runs before the old one stops
    1 to replace.`,
});

check('a refused entity keeps its container', {
  hosts: 'a up\n  shop-web running shop/web nginx\n  x running - nginx 80->80',
  entities: 'web nginx 80->80\ndb redis',
  answer: `
    ! web: its container stays where it is, but on a: port 80 of the host is already taken by container x, which Clocker did not make; choose another port or stop that container
    + create shop-db on a
        image redis
        here because a is the only host
    This cannot be deployed: 1 problem.`,
});

check('what must go from a host that is down', {
  hosts: 'a up\nb down: no engine\n  shop-db running shop/db redis',
  entities: 'web nginx',
  answer: `
    ! db: container shop-db must be removed (db is no longer in the blueprint), but host b is down: no engine
    + create shop-web on a
        image nginx
        here because only a can take it
    This cannot be deployed: 1 problem.`,
});

check('what is being removed is gone', {
  hosts: 'a up\n  shop-web removing shop/web nginx',
  entities: 'db redis',
  answer: `
    + create shop-db on a
        image redis
        here because a is the only host
    1 to create.`,
});

test('delete removes everything of the application and nothing else', () => {
  const seen = observed('a up\n  shop-web running shop/web nginx\n  x running - nginx\nb up\n  shop-db exited shop/db redis\n  blog-db running blog/db redis');
  const plan = diff({ application: 'shop', applicationName: 'Shop', containers: [], refusals: [] }, seen);
  assert.deepEqual(render(plan), ['- remove shop-web on a', '    the application is deleted', '- remove shop-db on b', '    the application is deleted', '2 to remove.']);
});

test('the hash tells plans apart, an environment value included, and is otherwise the same', () => {
  const hash = (entities: string): string => planned({ hosts: 'a up', entities }).hash;
  assert.equal(hash('web nginx P=1'), hash('web nginx P=1'));
  assert.notEqual(hash('web nginx P=1'), hash('web nginx P=2'));
  assert.notEqual(hash('web nginx'), hash('web nginx\ndb redis'));
});
