// One placement under way: the entities one after the other, each where it is while it may stay, else beside its company, else
// on the best host. What was placed counts for those that come later.

import type { Application, Entity } from '#core/blueprint/application.ts';
import { containerName } from '#core/cluster/desired.ts';
import { networkName, type Attachment } from '#core/cluster/network.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { listed, reason, refusalText } from '#core/placement/because.ts';
import { chainFor, type Chain } from '#core/placement/chain.ts';
import { byHome, homeOf } from '#core/placement/home.ts';
import { HostIndex } from '#core/placement/hostIndex.ts';
import { CloudLoad, type HostLoad, type Stay } from '#core/placement/load.ts';
import { better, rank, refusalAt, verdicts, type Refused, type Verdict } from '#core/placement/rank.ts';
import { Requests, type Company, type Request } from '#core/placement/request.ts';
import { boundTo } from '#core/placement/strategies/group.ts';
import { nothingAsked, type CloudPlacement } from '#core/placement/strategy.ts';
import { isIn, Targets, type Target } from '#core/placement/target.ts';
import { companionsOf, type Companion } from '#core/placement/together.ts';
import { wantedHost, type WantedHost } from '#core/placement/wantedHost.ts';
import { namesOf } from '#core/sdn/names.ts';
import { isSpanning, spans } from '#core/sdn/swarm.ts';

export interface PlaceOptions {
  /** What is asked besides of everything that goes to no cloud; the clouds themselves are observed. */
  readonly cloud?: CloudPlacement;
  /** Another seed, another chance for what is placed at random; a whole number. */
  readonly seed?: number;
  /** Where a person wants entities to be, by their keys: there and nowhere else. */
  readonly to?: ReadonlyMap<string, string>;
}

interface Chosen {
  readonly host: HostLoad;
  readonly because: string;
  readonly isHome: boolean;
}

interface NoChoice {
  readonly refusal: string;
  readonly wanted?: WantedHost | undefined;
  /** Nothing else that the blueprint allows comes into question. */
  readonly isFinal?: boolean;
  /** See `Refusal.downHost`. */
  readonly downHost?: string;
}

type Choice = { readonly host: string; readonly because: string } | Omit<NoChoice, 'isFinal'>;

/** So many wants are remembered at a time. */
const mostKnown = 64;
/** What is worked out for a want; the index once a host must be found. */
interface Known {
  readonly chain: Chain;
  index: HostIndex | undefined;
}

export class Placing {
  readonly #application: Application;
  readonly #observed: Observed;
  readonly #load: CloudLoad;
  readonly #requests: Requests;
  readonly #targets: Targets;
  readonly #entities: ReadonlyMap<string, Entity>;
  readonly #companions: ReadonlyMap<string, readonly Companion[]>;
  /** The hosts between which a network spans, by the name of each; those that are alone are not in it. */
  readonly #spans: ReadonlyMap<string, readonly HostLoad[]>;
  /** Where the entities went that have been placed. */
  readonly #placed = new Map<string, HostLoad>();
  /** By want, the one used last at the end. */
  readonly #known = new Map<string, Known>();
  /** By want, what was said while the load was as it is. */
  readonly #refusals = new Map<string, string>();
  #refusalsAt = 0;
  readonly #to: ReadonlyMap<string, string>;

  constructor(application: Application, observed: Observed, { cloud = nothingAsked, seed = 0, to = new Map() }: PlaceOptions) {
    this.#to = to;
    this.#application = application;
    this.#observed = observed;
    this.#load = new CloudLoad(observed, application, cloud);
    this.#requests = new Requests(application, this.#load, cloud, seed);
    this.#targets = new Targets(this.#load, cloud);
    this.#entities = new Map(application.entities.map((entity) => [entity.key, entity]));
    this.#companions = companionsOf(application.entities);
    const groups = spans(observed.hosts).filter((hosts) => hosts.length > 1).map((hosts) => hosts.flatMap((host) => this.#load.byName.get(host) ?? []));
    this.#spans = new Map(groups.flatMap((hosts) => hosts.map((host) => [host.name, hosts] as const)));
  }

  place(entity: Entity): Choice {
    const load = this.#load;
    if (load.hosts.length === 0 && load.clouds.size === 0) return { refusal: 'there is no host; add one' };
    const targeted = this.#targets.of(entity.locations);
    if ('problem' in targeted) return { refusal: targeted.problem };
    const { targets } = targeted;
    const company = this.#placedCompanyOf(entity);
    const notThere = this.#whyNotThere(entity, targets, company);
    if (notThere !== undefined) return { refusal: notThere };
    if (company && !targets.some((target) => company.hosts.some((host) => isIn(host, target)))) {
      const where = company.hosts.length === 1 ? `on ${company.host.name}, where ${company.entity} is` : `on one of ${listed(company.hosts.map(({ name }) => name))}, whose networks reach ${company.entity}`;
      return { refusal: `it must go ${where} (${company.because}), but the blueprint says ${entity.locations.join(', ')}; give both the same location` };
    }
    const stays = load.take(this.#application.id, entity.key);
    const { choice } = this.#firstThatFits(entity, targets, stays);
    if ('refusal' in choice) load.put(...stays);
    else load.put({ host: choice.host, resident: stays.some(({ host }) => host === choice.host) ? { ...choice.request.resident, isComing: false } : choice.request.resident });
    if ('refusal' in choice) return choice;
    if (!choice.isHome) load.lastHost = choice.host.index;
    this.#placed.set(entity.key, choice.host);
    return { host: choice.host.name, because: choice.because };
  }

  /** The application's own network where the entity goes. */
  attachment({ key, parent, memberIndex, container }: Entity, host: string): Attachment {
    const { id } = this.#application;
    const { swarm, cloud } = this.#load.byName.get(host)?.observed ?? {};
    const driver = isSpanning(swarm) ? 'overlay' : 'bridge';
    const isEncrypted = driver === 'overlay' && this.#observed.clouds?.find(({ name }) => name === cloud)?.sdn?.['sdn.network.encrypted'] === 'true';
    const cluster = parent === undefined || memberIndex === undefined ? {} : { cluster: { entity: parent, index: memberIndex } };
    return { networkName: networkName(id, driver), driver, aliases: [...namesOf({ entity: key, application: id, ...(cloud !== undefined && { cloud }), ...cluster }), ...(container?.aliases ?? [])], ...(isEncrypted && { settings: { isEncrypted } }) };
  }

  explain(entity: Entity): readonly Verdict[] | undefined {
    const targeted = this.#targets.of(entity.locations);
    if ('problem' in targeted) return undefined;
    const stays = this.#load.take(this.#application.id, entity.key);
    const found = this.#explainTaken(entity, targeted.targets, stays);
    this.#load.put(...stays);
    return found;
  }

  /** Of an entity whose containers are taken out. */
  #explainTaken(entity: Entity, targets: readonly Target[], stays: readonly Stay[]): readonly Verdict[] {
    const { requests } = this.#firstThatFits(entity, targets, stays);
    const [first] = requests;
    if (requests.length === 1 && first !== undefined) return this.#explainOne(first, stays, 1);
    const found: Verdict[] = [];
    for (const request of byHome(requests, stays, this.#load)) {
      const ranked = found.filter(isRanked).length;
      found.push(...this.#explainOne(request, stays, ranked + 1).filter(({ host }) => isMeant(this.#load.byName.get(host), request.want)));
    }
    const others = this.#load.hosts.filter(({ name }) => !found.some(({ host }) => host === name));
    return [...found.filter(isRanked), ...found.filter((verdict) => !isRanked(verdict)), ...others.map(({ name }) => ({ host: name, reason: `the blueprint says ${entity.locations.join(' or ')}` }))];
  }

  #explainOne(request: Request, stays: readonly Stay[], firstRank: number): readonly Verdict[] {
    const load = this.#load;
    const home = homeOf(stays, request, load);
    const chain = chainFor(request.want, load);
    const ranking = rank(request, load, chain);
    if (home === undefined) return verdicts(ranking, request, chain, firstRank);
    const refusal = refusalAt(home, request, load, chain, true);
    const others = { fitting: ranking.fitting.filter((host) => host !== home), refused: ranking.refused.filter(({ host }) => host !== home) };
    if (refusal === undefined) return [{ host: home.name, rank: firstRank, reason: 'its container is there already' }, ...verdicts(others, request, chain, firstRank + 1)];
    if (refusal.isHard) return verdicts({ fitting: [], refused: [refusal, ...ranking.fitting.filter((host) => host !== home).map((host) => ({ host, reason: `its container is on ${home.name} and stays there`, isHard: false })), ...others.refused] }, request, chain);
    return verdicts(ranking, request, chain, firstRank);
  }

  /** What is tried, one after the other: beside its company; and where that is only yet to be placed, anywhere, and it follows. */
  #attempts(entity: Entity, targets: readonly Target[], stays: readonly Stay[]): readonly (readonly Request[])[] {
    const asked = this.#asked(entity);
    if (asked) return [targets.filter((target) => isIn(asked.host, target)).map((target) => this.#request(entity, target, asked))];
    const placed = this.#placedCompanyOf(entity);
    const company = placed ?? this.#settledCompanyOf(entity, stays);
    const beside = company ? targets.filter((target) => company.hosts.some((host) => isIn(host, target))).map((target) => this.#request(entity, target, company)) : [];
    if (placed) return [beside];
    const anywhere = targets.map((target) => this.#request(entity, target, undefined));
    return beside.length > 0 ? [beside, anywhere] : [anywhere];
  }

  #firstThatFits(entity: Entity, targets: readonly Target[], stays: readonly Stay[]): { readonly requests: readonly Request[]; readonly choice: (Chosen & { readonly request: Request }) | NoChoice } {
    let tried: readonly Request[] = [];
    let choice: (Chosen & { readonly request: Request }) | NoChoice = { refusal: 'nothing comes into question' };
    for (const requests of this.#attempts(entity, targets, stays)) {
      [tried, choice] = [requests, this.#chooseAmong(entity, requests, stays)];
      if (!('refusal' in choice)) break;
    }
    return { requests: tried, choice };
  }

  /** Where the container is already counts before what else the blueprint allows. */
  #chooseAmong(entity: Entity, requests: readonly Request[], stays: readonly Stay[]): (Chosen & { readonly request: Request }) | NoChoice {
    const load = this.#load;
    const refused: { readonly request: Request; readonly choice: NoChoice }[] = [];
    for (const request of byHome(requests, stays, load)) {
      const choice = this.#choose(entity, request, homeOf(stays, request, load));
      if (!('refusal' in choice)) return { ...choice, request };
      refused.push({ request, choice });
      if (choice.isFinal === true) break;
    }
    const [only, ...more] = refused;
    if (only !== undefined && more.length === 0) return only.choice;
    const wanted = refused.find(({ choice }) => choice.wanted !== undefined)?.choice.wanted;
    return { refusal: refused.map(({ request, choice }) => `${request.want.cloud === undefined ? '' : `in the cloud ${request.want.cloud} `}${choice.refusal}`).join('; '), wanted };
  }

  #choose(entity: Entity, request: Request, home: HostLoad | undefined): Chosen | NoChoice {
    const load = this.#load;
    const known = this.#knownFor(request);
    const { chain } = known;
    const leaves = home && refusalAt(home, request, load, chain, true);
    if (home !== undefined && leaves === undefined) return { host: home, because: `it is already on ${home.name}`, isHome: true };
    if (leaves?.isHard === true) return { refusal: `its container stays where it is, but on ${leaves.host.name}: ${leaves.reason}`, isFinal: true, ...(leaves.host.observed.state.kind !== 'up' && { downHost: leaves.host.name }) };
    const best = this.#best(request, known);
    if (best === undefined) return { refusal: this.#refusal(request, chain, leaves), wanted: wantedHost(request, load) };
    const { company } = request;
    const because = company?.isAsked === true ? 'it was asked for' : company?.hosts.length === 1 && load.hosts.length > 1 ? `${company.entity} is there: ${company.because}` : reason(best.host, best.fitting, entity, request, chain, load);
    return { host: best.host, because: leaves ? `${because}; ${leaves.host.name} ${leaves.reason}` : because, isHome: false };
  }

  #best(request: Request, known: Known): { readonly host: HostLoad; readonly fitting: number } | undefined {
    const { chain } = known;
    const load = this.#load;
    const bound = boundTo(request, load);
    const only = request.company ? request.company.hosts : bound?.hosts;
    if (only === undefined) return (known.index ??= new HostIndex(request.want, chain, load)).choose(request);
    const hosts = only.filter((host) => refusalAt(host, request, load, chain) === undefined);
    const [host] = hosts.toSorted(better(request, load, chain));
    return host && { host, fitting: hosts.length };
  }

  #knownFor({ want, wantKey }: Request): Known {
    const known = this.#known.get(wantKey) ?? { chain: chainFor(want, this.#load), index: undefined };
    this.#known.delete(wantKey);
    this.#known.set(wantKey, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest);
    return known;
  }

  #request(entity: Entity, target: Target, company: Company | undefined): Request {
    return { ...this.#requests.of(entity, target, containerName(this.#application.id, entity.key)), ...(company && { company }) };
  }

  /** Where a person wants it; undefined where nobody said anything. */
  #asked({ key }: Entity): Company | undefined {
    const host = this.#load.byName.get(this.#to.get(key) ?? '');
    return host && { host, hosts: [host], entity: key, because: 'it is moved there', isAsked: true };
  }

  /** Why it cannot be where a person wants it; what the host says itself comes later. */
  #whyNotThere(entity: Entity, targets: readonly Target[], company: Company | undefined): string | undefined {
    const name = this.#to.get(entity.key);
    if (name === undefined) return undefined;
    const host = this.#load.byName.get(name);
    if (host === undefined) return `there is no host ${name} to move it to; the hosts are ${listed(this.#load.hosts.map((one) => one.name))}`;
    if (!targets.some((target) => isIn(host, target))) return `it cannot be moved to ${name}: the blueprint says ${entity.locations.join(' or ')}; change its location there`;
    if (company && !company.hosts.includes(host)) return `it cannot be moved to ${name} alone: ${company.because}, and ${company.entity} is on ${company.host.name}; move both, or make the hosts a docker cloud, whose networks reach both`;
    return undefined;
  }

  #placedCompanyOf(entity: Entity): Company | undefined {
    for (const companion of this.#companions.get(entity.key) ?? []) {
      const host = this.#placed.get(companion.entity);
      const company = host && this.#companyAt(host, companion);
      if (company) return company;
    }
    return undefined;
  }

  /** Undefined where one network spans all hosts: then it binds nobody. */
  #companyAt(host: HostLoad, { entity, because, shares }: Companion): Company | undefined {
    const hosts = shares === 'host' ? [host] : (this.#spans.get(host.name) ?? [host]);
    return hosts.length > 1 && hosts.length === this.#load.hosts.length ? undefined : { host, hosts, entity, because };
  }

  /** Of those to come that have their place from before and may stay there: where the most are, itself included. */
  #settledCompanyOf(entity: Entity, own: readonly Stay[]): Company | undefined {
    const settled = (this.#companions.get(entity.key) ?? []).flatMap((companion) => {
      const host = this.#settledAt(companion.entity);
      return (host && this.#companyAt(host, companion)) ?? [];
    });
    const homes = new Set(own.map(({ host }) => host));
    const count = (host: HostLoad): number => settled.filter(({ hosts }) => hosts.includes(host)).length + (homes.has(host) ? 1 : 0);
    const most = Math.max(0, ...settled.map(({ host }) => count(host)));
    // Where it is alone, and nowhere else are more, it stays: the others come.
    if ([...homes].some((host) => count(host) >= most)) return settled.find(({ hosts }) => hosts.some((host) => homes.has(host)));
    return settled.find(({ host }) => count(host) === most);
  }

  /** Where an entity's container is that may stay there. */
  #settledAt(key: string): HostLoad | undefined {
    const load = this.#load;
    const entity = this.#entities.get(key);
    const targeted = entity && this.#targets.of(entity.locations);
    if (entity?.container === undefined || targeted === undefined || 'problem' in targeted) return undefined;
    const stays = load.take(this.#application.id, key);
    for (const target of stays.length === 0 ? [] : targeted.targets) {
      const request = this.#request(entity, target, undefined);
      const home = homeOf(stays, request, load);
      if (home === undefined || refusalAt(home, request, load, this.#knownFor(request).chain, true) !== undefined) continue;
      load.put(...stays);
      return home;
    }
    load.put(...stays);
    return undefined;
  }

  /** Many containers of one want are refused with one text as long as nothing changes. */
  #refusal(request: Request, chain: Chain, leaves: Refused | undefined): string {
    const load = this.#load;
    if (this.#refusalsAt !== load.changes.length) this.#refusals.clear();
    this.#refusalsAt = load.changes.length;
    const isShared = leaves === undefined && request.company === undefined && load.namesakes(request.containerName).length === 0;
    const known = isShared ? this.#refusals.get(request.wantKey) : undefined;
    if (known !== undefined) return known;
    const refused = rank(request, load, chain).refused.filter(({ host }) => host !== leaves?.host && isMeant(host, request.want) && (request.company?.isAsked !== true || host === request.company.host));
    const text = leaves || refused.length > 0 ? refusalText(leaves ? [leaves, ...refused] : refused) : `the cloud ${request.want.within ?? ''} has no hosts yet`;
    if (isShared) this.#refusals.set(request.wantKey, text);
    return text;
  }
}

function isRanked({ rank: place }: Verdict): boolean {
  return place !== undefined;
}

function isMeant(host: HostLoad | undefined, want: Request['want']): boolean {
  return host !== undefined && isIn(host, want);
}
