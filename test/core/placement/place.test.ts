import assert from 'node:assert/strict';
import { test } from 'node:test';
import { place } from '#core/placement/place.ts';
import { application, lines, observed } from '../plan/cluster.ts';

/** One line an entity, in the order containers, refusals: `web on a: reason`, `! db: reason`. */
function check(name: string, { hosts, entities, answer }: { readonly hosts: string; readonly entities: string; readonly answer: string }): void {
  test(name, () => {
    const { containers, refusals } = place(application(entities), observed(hosts));
    const found = [...containers.map(({ entity, host, placedBecause }) => `${entity} on ${host}: ${placedBecause}`), ...refusals.map(({ entity, reason }) => `! ${entity}: ${reason}`)];
    assert.deepEqual(found, lines(answer));
  });
}

check('the only host', { hosts: 'a up', entities: 'web nginx', answer: 'web on a: a is the only host' });

check('a group has no container', { hosts: 'a up', entities: 'all group\nweb nginx', answer: 'web on a: a is the only host' });

check('fewest containers of ours first, those just placed counted, strangers not', {
  hosts: `
    a up
      x running - nginx
      y running - nginx
    b up
      blog-web running blog/web nginx`,
  entities: 'web nginx\ndb redis\ncache redis',
  answer: `
    web on a: a has the fewest containers
    db on a: a has the fewest containers
    cache on b: b has the fewest containers`,
});

check('what exists stays where it is', {
  hosts: `
    a up
    b up
      shop-web exited shop/web nginx:1
      shop-db running shop/db redis`,
  entities: 'web nginx:2\ndb redis',
  answer: `
    web on b: it is already on b
    db on b: it is already on b`,
});

check('the blueprint names a host', { hosts: 'a up\nb up', entities: 'web nginx @b', answer: 'web on b: the blueprint says b' });

check('the first location that can take it', { hosts: 'a up\nb down: no engine\nc up', entities: 'web nginx @b,c,a', answer: 'web on c: the blueprint says c' });

check('the blueprint moves it', { hosts: 'a up\n  shop-web running shop/web nginx\nb up', entities: 'web nginx @b', answer: 'web on b: the blueprint says b' });

check('localhost is the first host on a local socket', { hosts: 'a up tcp://a:1\nb up unix:///b.sock\nc up /c.sock', entities: 'web nginx @localhost', answer: 'web on b: b is the local host' });

check('a host of the name localhost wins', { hosts: 'b up unix:///b.sock\nlocalhost up', entities: 'web nginx @localhost', answer: 'web on localhost: the blueprint says localhost' });

check('no local host', { hosts: 'a up', entities: 'web nginx @localhost', answer: '! web: there is no host localhost; the hosts are a' });

check('a misspelt host', { hosts: 'frankfurt up\nparis up', entities: 'web nginx @frankfrut', answer: '! web: there is no host frankfrut; did you mean frankfurt?' });

test('no host at all', () => {
  assert.deepEqual(place(application('web nginx'), { hosts: [] }).refusals, [{ entity: 'web', reason: 'there is no host; add one' }]);
});

check('a host that is down', { hosts: 'a down: nothing answers at tcp://a:1', entities: 'web nginx @a', answer: '! web: it cannot go on a: the host is down: nothing answers at tcp://a:1' });

check('for every host why not', {
  hosts: `
    a down: no engine
    b up
      x running - nginx 80->8080
    c connecting`,
  entities: 'web nginx 80->80',
  answer:
    '! web: no host can take it; a: the host is down: no engine; b: port 80 of the host is already taken by container x, which Clocker did not make; choose another port or stop that container; c: the host has not answered yet',
});

check('another host has the port free', {
  hosts: `
    a up
      x running - nginx 80->8080
    b up
      blog-web running blog/web nginx`,
  entities: 'web nginx 80->80',
  answer: 'web on b: only b can take it',
});

check('the same number over UDP is another port', { hosts: 'a up\n  x running - nginx 53->53', entities: 'dns bind 53->53/udp', answer: 'dns on a: a is the only host' });

check('a port of a stopped container is free', { hosts: 'a up\n  x exited - nginx 80->80', entities: 'web nginx 80->80', answer: 'web on a: a is the only host' });

check('two entities of one application want one port', {
  hosts: 'a up',
  entities: 'web nginx 80->80\nadmin nginx 80->8080',
  answer: `
    web on a: a is the only host
    ! admin: it cannot go on a: port 80 of the host is already taken by web of this application; choose another port for one of them`,
});

check('two hosts for two entities that want one port', {
  hosts: 'a up\nb up',
  entities: 'web nginx 80->80\nadmin nginx 80->8080',
  answer: `
    web on a: a has the fewest containers
    admin on b: only b can take it`,
});

check('its own port does not stand in its way', { hosts: 'a up\n  shop-web running shop/web nginx 80->80', entities: 'web nginx:2 80->80', answer: 'web on a: it is already on a' });

check('a port that its own application gives up', { hosts: 'a up\n  shop-old running shop/old nginx 80->80', entities: 'web nginx 80->80', answer: 'web on a: a is the only host' });

check('a port of another application', {
  hosts: 'a up\n  blog-web running blog/web nginx 80->80',
  entities: 'web nginx 80->80',
  answer: '! web: it cannot go on a: port 80 of the host is already taken by container blog-web, which belongs to application blog; choose another port or stop that container',
});

check('a stranger has the name', {
  hosts: 'a up\n  shop-web exited - nginx',
  entities: 'web nginx',
  answer: '! web: it cannot go on a: there is already a container named shop-web, which Clocker did not make; rename or remove it, or give the entity another id',
});

check('what runs on a host that is down is waited for, not doubled', {
  hosts: 'a down: no engine\n  shop-web running shop/web nginx\nb up',
  entities: 'web nginx',
  answer: '! web: its container stays where it is, but on a: the host is down: no engine',
});

check('of two containers the one on a host that is up counts', {
  hosts: 'a down: no engine\n  shop-web running shop/web nginx\nb up\n  shop-web exited shop/web nginx',
  entities: 'web nginx',
  answer: 'web on b: it is already on b',
});
