/** The files for several hosts cannot be run everywhere; what can be checked without an engine is checked here. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { environment } from '../../../config/environment.ts';
import { CALLS_QUEUE, INSIGHTS_QUEUE } from '../../../domain/ids.ts';
import { SEARCH_ATTRIBUTES } from '../../../domain/search-attributes.ts';
import { DYNAMIC_CONFIG } from '../../../local/temporal.ts';
import { createMediaMeter } from '../../../telemetry/media-meter.ts';
import { createMetrics } from '../../../telemetry/metrics.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

interface Service {
  image?: string;
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  secrets?: string[];
  restart?: string;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
}

const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { file: string }>;
};
const services = Object.entries(compose.services);
const ofApp = services.filter(([, service]) => service.image === 'evercall');
const runsOnce = (service: Service): boolean => service.restart?.startsWith('on-failure') === true;

describe('docker-compose.yml', () => {
  test('[BT21] every process of the application is there', () => {
    const entries = ofApp.map(([, service]) => service.command?.[1]);
    expect(new Set(entries)).toEqual(
      new Set(['api/main.ts', 'workers/media.ts', 'workers/calls.ts', 'workers/insights.ts']),
    );
  });

  test.each(services)('[BT21] %s waits only for what exists and can be waited for', (_name, service) => {
    for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
      const other = compose.services[needed];
      expect(other, needed).toBeDefined();
      if (condition === 'service_healthy') expect(other?.healthcheck, needed).toBeDefined();
      if (condition === 'service_completed_successfully') expect(other && runsOnce(other), needed).toBe(true);
    }
  });

  test.each(services)('[BT21] %s mounts only what exists', (_name, service) => {
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      // config.yaml is the reader's own copy of the example.
      if (source === './config.yaml') expect(existsSync(path.join(ROOT, 'config.example.yaml'))).toBe(true);
      else if (source.startsWith('.')) expect(existsSync(path.join(ROOT, source)), source).toBe(true);
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
    for (const secret of service.secrets ?? []) expect(Object.keys(compose.secrets)).toContain(secret);
  });

  test.each(ofApp)(
    '[BT21] %s runs an entry that exists, is told apart from a dead one, and gets known variables',
    (_name, service) => {
      for (const command of [service.command ?? [], service.healthcheck?.test ?? []]) {
        for (const file of command.filter((word) => /^[\w/-]+\.ts$/.test(word)))
          expect(existsSync(path.join(ROOT, file)), file).toBe(true);
      }
      expect(service.healthcheck).toBeDefined();
      const known = new Set(Object.keys(environment.shape));
      expect(Object.keys(service.environment ?? {}).filter((name) => !known.has(name))).toEqual([]);
    },
  );

  test('[BT21] workers are asked for by the queues that they poll', () => {
    const queueOf = (name: string): string | undefined => compose.services[name]?.healthcheck?.test.at(-1);
    expect([queueOf('calls'), queueOf('insights')]).toEqual([CALLS_QUEUE, INSIGHTS_QUEUE]);
  });

  test('[BT21] long-lived servers have a health check or serve others that have', () => {
    const without = services.filter(([, service]) => !runsOnce(service) && !service.healthcheck).map(([name]) => name);
    expect(without).toEqual(['proxy', 'temporal-ui']);
  });

  test('[BT21] every secret file lies where images and repository leave it out', () => {
    for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^\.\/secrets\//);
    for (const ignore of ['.dockerignore', '.gitignore']) expect(read(ignore)).toMatch(/^secrets\/?$/m);
  });

  test('[BT21] the guide tells every variable that must be set', () => {
    const guide = read('docs/go-live.md');
    const required = [...text.matchAll(/\$\{([A-Z_]+):\?/g)].map((match) => match[1] ?? '');
    expect(required.length).toBeGreaterThan(5);
    expect([...new Set(required)].filter((name) => !guide.includes(name))).toEqual([]);
  });
});

describe('what lies beside it', () => {
  test('[BT22] the server’s settings are those of the server of one machine', () => {
    const file = parse(read('deploy/temporal/dynamic-config.yaml')) as Record<string, { value: unknown }[]>;
    const written = Object.fromEntries(Object.entries(file).map(([name, values]) => [name, values[0]?.value]));
    const expected = Object.entries(DYNAMIC_CONFIG).map(([name, value]): [string, unknown] => [
      name,
      JSON.parse(value),
    ]);
    expect(written).toEqual(Object.fromEntries(expected));
  });

  test('[BT22] the script registers exactly our search attributes', () => {
    const list = /<<LIST\n([\s\S]*?)LIST/.exec(read('deploy/temporal/namespace.sh'))?.[1] ?? '';
    const written = list
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    expect(Object.fromEntries(written)).toEqual(SEARCH_ATTRIBUTES);
  });

  test('[BT22] the proxy leads to services and ports that exist', () => {
    const upstreams = [...read('deploy/Caddyfile').matchAll(/reverse_proxy ([\w-]+):(\d+)/g)];
    expect(upstreams.length).toBe(3);
    for (const [, name = '', port] of upstreams) {
      const variables = compose.services[name]?.environment ?? {};
      expect([variables['PORT'], variables['MEDIA_PORT']]).toContain(port);
    }
  });

  test('[MT7] Prometheus looks at every process of the application, at the port where it serves', () => {
    interface Job {
      authorization: { credentials_file: string };
      static_configs?: { targets: string[] }[];
      dns_sd_configs?: { names: string[]; port: number }[];
    }
    const { scrape_configs: jobs } = parse(read('deploy/prometheus/prometheus.yml')) as { scrape_configs: Job[] };
    const looked = jobs.flatMap(({ static_configs = [], dns_sd_configs = [] }) => [
      ...static_configs.flatMap(({ targets }) => targets),
      ...dns_sd_configs.flatMap(({ names, port }) => names.map((name) => `${name}:${String(port)}`)),
    ]);
    const served = ofApp.map(([name, { environment: own = {} }]) => {
      const port = name.startsWith('media') ? own['MEDIA_PORT'] : (own['METRICS_PORT'] ?? own['PORT']);
      return `${name}:${String(port)}`;
    });
    expect(looked.sort()).toEqual(served.sort());
    for (const { authorization } of jobs) expect(authorization.credentials_file).toBe('/run/secrets/metrics_key');
    expect(compose.services['prometheus']?.secrets).toContain('metrics_key');
  });

  test('[MT7] the dashboard asks only for figures that a process serves', async () => {
    const { panels } = JSON.parse(read('deploy/grafana/dashboards/evercall.json')) as {
      panels: { targets: { expr: string }[] }[];
    };
    const metrics = createMetrics();
    const meter = createMediaMeter(metrics.meter, () => 0);
    const ms = 1;
    meter.turnAnswered(
      {
        endpointingMs: ms,
        recognizerMs: ms,
        modelFirstTokenMs: ms,
        firstSentenceMs: ms,
        synthesisFirstByteMs: ms,
        commitMs: ms,
        voiceToVoiceMs: ms,
      },
      'fast',
    );
    meter.cutOff(ms);
    meter.interruption('turn');
    meter.early('started');
    meter.providerFailed('fast', 'timeout');
    const leg = meter.leg();
    for (const atMs of [0, 20, 2_000]) {
      leg.cameIn(atMs);
      leg.wentOut(atMs);
    }
    const served = `${await metrics.page()}\n${read('docs/metrics.md')}`;
    const asked = panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => expr.match(/\b(?:call|evercall|process|nodejs)_[a-z_]+/g) ?? []),
    );
    expect(asked.length).toBeGreaterThan(15);
    const base = (name: string): string => name.replace(/_(?:bucket|sum|count)$/, '');
    expect([...new Set(asked)].filter((name) => !served.includes(base(name)))).toEqual([]);
  });

  test('[BT22] the image takes in only what exists, and every folder that the application imports', () => {
    const lines = read('Dockerfile')
      .split('\n')
      .filter((line) => /^COPY (?!--from)/.test(line));
    const sources = lines.flatMap((line) => line.split(/\s+/).slice(1, -1));
    expect(sources.filter((source) => !existsSync(path.join(ROOT, source)))).toEqual([]);
    const folders = [
      'activities',
      'api',
      'config',
      'domain',
      'media',
      'providers',
      'telemetry',
      'workers',
      'workflows',
    ];
    expect(folders.filter((folder) => !sources.includes(folder))).toEqual([]);
  });
});
