// Plain scalars as YAML 1.1 has them: text on the left, value on the right.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { resolvePlain, type ScalarValue } from '#core/blueprint/scalars.ts';

function check(text: string, value: ScalarValue, surprise?: string): void {
  test(`${text} is ${JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part))}`, () => {
    assert.deepEqual(resolvePlain(text), surprise === undefined ? { value } : { value, surprise });
  });
}

check('', null);
check('~', null);
check('null', null);
check('nULL', 'nULL');
check('yes', true);
check('No', false);
check('ON', true);
check('off', false);
check('y', 'y');
check('0', 0);
check('-17', -17);
check('+1', 1);
check('010', 8, 'octal');
check('08', '08');
check('0x1F', 31);
check('0b101', 5);
check('1_000', 1000, 'underscores');
check('1:30', 90, 'sexagesimal');
check('12:30:45', 45_045, 'sexagesimal');
check('1:60', '1:60');
check('9999999999999999999', 9_999_999_999_999_999_999n);
check('1.5', 1.5);
check('1.10', 1.1, 'trailing-zero');
check('1.', 1);
check('.5', 0.5);
check('1e3', 1000);
check('1e400', '1e400', 'out-of-range');
check('.inf', '.inf', 'out-of-range');
check('1.2.3', '1.2.3');
check('7-alpine', '7-alpine');
check('2016-01-01', { dateMs: Date.UTC(2016, 0, 1) }, 'date');
check('2016-01-01 12:30:00 +2', { dateMs: Date.UTC(2016, 0, 1, 10, 30) }, 'date');
check('2016-13', '2016-13');
check('docker:redis:7', 'docker:redis:7');
