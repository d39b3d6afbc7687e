// An expression waits for a sensor that the type does not have. Found by core/dsl/checkReferences.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const unknownSensor = rule({
  code: 'unknown-sensor',
  severity: 'warning',
  title: 'The type has no such sensor',
  why: 'attributeWhenReady waits until the sensor has a value. A sensor that nothing ever sets lets the deployment wait for ever. Nothing is said where the sensors of a type are not all known.',
  example: `
services:
- type: docker:postgres:16
  id: db
- type: docker:nginx
  brooklyn.config:
    host: $brooklyn:component("db").attributeWhenReady("host.nam")
#                                                      ^^^^^^^^^^ no sensor host.nam
`,
  fixed: `
services:
- type: docker:postgres:16
  id: db
- type: docker:nginx
  brooklyn.config:
    host: $brooklyn:component("db").attributeWhenReady("host.name")
`,
});
