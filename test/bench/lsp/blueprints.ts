// Blueprints of any length for measuring: valid, typical, no two services alike.

/** `editAt`: lines (zero-based) that end with a value at which can be typed, spread over the file. */
export function blueprintOf(lineCount: number): { readonly text: string; readonly editAt: readonly number[] } {
  const lines = ['name: Large', 'location: localhost', 'brooklyn.config:', '  region: europe', 'services:'];
  const editAt: number[] = [];
  for (let index = 0; lines.length < lineCount; index++) {
    editAt.push(lines.length + 5);
    lines.push(...pairOf(index));
  }
  return { text: `${lines.join('\n')}\n`, editAt };
}

function pairOf(index: number): readonly string[] {
  return [
    '- type: docker:redis:7',
    `  id: store-${index}`,
    `  name: Store ${index}`,
    '  openPorts: [6379]',
    '  brooklyn.config:',
    '    mode: fast',
    '- type: tomcat-server',
    `  id: web-${index}`,
    `  name: Web ${index}`,
    '  brooklyn.config:',
    '    http.port: 8080+',
    `    db.url: $brooklyn:formatString("redis://%s:6379", entity("store-${index}").attributeWhenReady("host.address"))`,
    '    shell.env:',
    '      MODE: fast',
    `      STORE: $brooklyn:entity("store-${index}").config("mode")`,
    '  brooklyn.policies:',
    '  - type: org.apache.brooklyn.policy.ha.ServiceRestarter',
    '  brooklyn.children:',
    '  - type: docker:nginx:1.25',
    '    env: { BACKEND: $brooklyn:parent().attributeWhenReady("main.uri") }',
  ];
}
