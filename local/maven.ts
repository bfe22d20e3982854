/** Java programs put together from Maven artifacts. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FIRST_BYTE_MS, onPath, runTool } from './tools.ts';
import type { Say } from './terminal.ts';

export interface Artifact {
  groupId: string;
  artifactId: string;
  version: string;
}

/** `undefined` when both are there, otherwise the sentence's half that says what is missing. */
export function missingJavaTools(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const missing = ['java', 'mvn'].filter((program) => onPath(program, env) === undefined);
  return missing.length > 0 ? `${missing.join(' and ')} not on PATH` : undefined;
}

const pom = (wanted: Artifact): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>evercall.local</groupId>
  <artifactId>${wanted.artifactId}-with-libraries</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>${wanted.groupId}</groupId>
      <artifactId>${wanted.artifactId}</artifactId>
      <version>${wanted.version}</version>
    </dependency>
  </dependencies>
</project>
`;

/** Fills `<folder>/lib` with the artifact and all it needs at run time. */
export async function copyWithDependencies(wanted: Artifact, folder: string, say: Say): Promise<void> {
  const pomFile = path.join(folder, 'pom.xml');
  await mkdir(path.join(folder, 'lib'), { recursive: true });
  await writeFile(pomFile, pom(wanted));
  await runTool({
    doing: `fetching ${wanted.artifactId} with Maven`,
    command: onPath('mvn') ?? 'mvn',
    args: [
      '--batch-mode',
      '--file',
      pomFile,
      `-Dmaven.wagon.http.connectionTimeout=${String(FIRST_BYTE_MS)}`,
      `-Dmaven.wagon.rto=${String(FIRST_BYTE_MS)}`,
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${path.join(folder, 'lib')}`,
    ],
    cwd: folder,
    firstLineMs: 3 * FIRST_BYTE_MS,
    say,
  });
}
