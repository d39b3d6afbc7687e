// FreeMarker texts and what they come to.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { evaluateConfig } from '#core/dsl/evaluate.ts';
import { renderTemplate } from '#core/dsl/template.ts';
import { asText, type Value } from '#core/dsl/value.ts';
import { application } from './support.ts';

const { at } = application({
  id: 'app',
  config: `
k: value
a.b: dotted
list: [x, y, z]
map: { one: 1, two: 2 }
flag: true
deferred: $brooklyn:attributeWhenReady("late")
`,
  sensors: { 'host.name': 'h', n: 7, off: false },
  locations: ['host-a'],
  children: [{ id: 'kid', sensors: { port: 81 } }],
});
const app = at('app');
const names = new Map<string, Value>([['given', 'G'], ['empty', ''], ['nothing', null], ['html', '<&>']]);

function render(text: string): string {
  const outcome = renderTemplate(text, { span: { start: 0, end: 0 }, names, entity: app, config: (entity, key) => evaluateConfig(entity, key, { self: entity }) });
  switch (outcome.state) {
    case 'value':
      return asText(outcome.value);
    case 'waiting':
      return `waits for ${outcome.waits.map(({ sensor }) => sensor).join(', ')}`;
    case 'secret':
      return 'needs a secret';
    case 'error':
      return outcome.message;
  }
}

function check(text: string, expected: string | RegExp): void {
  test(text, () => (typeof expected === 'string' ? assert.equal(render(text), expected) : assert.match(render(text), expected)));
}

check('plain $ { } # text', 'plain $ { } # text');
check("${config['k']} ${config.k} ${config['a.b']} ${config.a.b}", 'value value dotted dotted');
check("${attribute['host.name']} ${sensor['n']} ${attribute.host.name}", 'h 7 h');
check("${entity.displayName} ${entity.id} ${name} ${location.name} ${entity.config['k']}", 'app key-of-app app host-a value');
check('<#list children as c>${c.name}:${c.attribute.port}</#list>', 'kid:81');
check('${given}${empty}${nothing!"none"}', 'Gnone');
check("${config['no']!'default'} ${config['no']!} ${(config['no'])!'d'}", 'default  d');
check("${config['no']}", /config\['no'\] has no value; write/);
check("${config['no']??} ${config['k']??}", 'false true');
check("<#if config['k'] == 'value'>yes<#else>no</#if>", 'yes');
check("<#if sensor.n gt 5 && !(sensor.n > 10)>mid<#elseif sensor.n lt 2>low<#else>high</#if>", 'mid');
check("<#if config['no']?? || config['flag']>x</#if>", 'x');
check("<#if config['k']>x</#if>", /is a text, where true or false is wanted/);
check("<#list config['list'] as item>${item}<#sep>, </#list>", 'x, y, z');
check("<#list config['list'] as item>${item_index}${item}<#if item_has_next>;</#if></#list>", '0x;1y;2z');
check("<#list config['map'] as k, v>${k}=${v} </#list>", 'one=1 two=2 ');
check("<#list [] as item>${item}<#else>none</#list>", 'none');
check('<#list 1..3 as n>${n * 2}</#list>', '246');
check('a\n<#if true>\nb\n</#if>\nc\n', 'a\nb\nc\n');
check('<#assign x = 1 + 2>${x} ${x / 2} ${x % 2} ${-x} ${"a" + x}', '3 1.5 1 -3 a3');
check('<#-- a comment -->x<#noparse>${y}</#noparse>', 'x${y}');
check("${config['k']?upper_case?lower_case?cap_first} ${config['k']?length} ${config['list']?join('-')} ${config['list']?size}", 'Value 5 x-y-z 3');
check("${'a,b'?split(',')?first} ${'aXb'?replace('X', '-')} ${'a1'?replace('[0-9]', '', 'r')} ${'5'?number + 1}", 'a a-b a 6');
check("${config['flag']?string('on', 'off')} ${config['flag']?c} ${(sensor.n > 3)?then('big', 'small')}", 'on true big');
check("${html?html} ${config['map']?keys?join('+')} ${config['no']?has_content} ${'x'?has_content}", '&lt;&amp;&gt; one+two false true');
check("${config['no']?if_exists}${config['no']?default('d')}", 'd');
check("${r'\\d'} ${'a\\'b'} ${{'k': 'v'}.k} ${config['list'][1]}", "\\d a'b v y");
check("${attributeWhenReady['one']} and ${attributeWhenReady['two']} ${config['deferred']}", 'waits for one, two, late');
check("${attributeWhenReady['off']}", 'waits for off');
check("${config['list']}", /a list cannot be printed/);
check("${'x'?uper_case}", /\?uper_case is not supported; \?upper_case is/);
check('<#macro x></#macro>', /<#macro> is not supported/);
check('${mgmt.config}', /no counterpart/);
check('<#if true>x', /<\/#if> is missing/);
check('x</#if>', /stands where it cannot/);
check('${a', /} is expected before the end/);
check('${1 / 0}', /zero/);
check(`\${${'('.repeat(5000)}`, /nested/);

test('never throws', () => {
  const piece = fc.constantFrom('${', '}', "config['k']", 'x', '<#if ', '>', '</#if>', '<#list 1..2 as i>', '</#list>', '<#else>', '<#sep>', '?', '!', '.', '[', ']', '(', '"', 'upper_case', '+', '==', '1', '\n', '<#--', '-->', '<#assign a = ');
  fc.assert(fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => void render(pieces.join(''))), { numRuns: 3000 });
});
