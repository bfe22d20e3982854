/** The API reference, written from the OpenAPI document: works without a network, unlike the usual viewers. */
import { html } from 'hono/html';
import { page, type Html } from './layout.ts';

interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  example?: unknown;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  minimum?: number;
  maximum?: number;
  default?: unknown;
  pattern?: string;
}
type Content = Record<string, { schema?: Schema }>;
interface Operation {
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: { content?: Content };
  responses?: Record<string, { description?: string; content?: Content }>;
}
export interface OpenApiDocument {
  info: { title: string; version: string; description?: string };
  paths: Record<string, Partial<Record<Method, Operation>>>;
  components?: { schemas?: Record<string, Schema> };
}

const METHODS = ['get', 'post', 'patch', 'put', 'delete'] as const;
type Method = (typeof METHODS)[number];
/** Deeper shapes are left to the OpenAPI document. */
const DEPTH = 3;

export function referencePage(document: OpenApiDocument, publicUrl: string): Html {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const operation = methods[method];
      return operation === undefined ? [] : [{ path, method, operation, tag: operation.tags?.[0] ?? 'Other' }];
    }),
  );
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  return page(
    { title: 'API reference', refreshS: null, withMenu: true },
    html`<h1>${document.info.title} <span class="small quiet">${document.info.version}</span></h1>
      <p>${document.info.description ?? ''} <a href="/openapi.json">OpenAPI document</a></p>
      ${tags.map(
        (tag) =>
          html`<h2>${tag}</h2>
            ${operations.filter((each) => each.tag === tag).map((each) => operationSection(document, { ...each, publicUrl }))}`,
      )}`,
  );
}

function operationSection(
  document: OpenApiDocument,
  given: { path: string; method: Method; operation: Operation; publicUrl: string },
): Html {
  const { path, method, operation, publicUrl } = given;
  const body = bodySchema(operation.requestBody?.content);
  return html`<section>
    <p>
      <span class="method">${method.toUpperCase()}</span> <code>${path}</code>
      <strong>${operation.summary ?? ''}</strong>
    </p>
    ${
      operation.parameters === undefined || operation.parameters.length === 0
        ? ''
        : html`<table>
            ${operation.parameters.map(
              (parameter) =>
                html`<tr>
                  <th>${parameter.name}</th>
                  <td class="small">${parameter.in}${parameter.required === true ? ', required' : ''}</td>
                  <td class="small">${parameter.description ?? typeName(parameter.schema ?? {})}</td>
                </tr>`,
            )}
          </table>`
    }
    ${
      body === null
        ? ''
        : html`${propertyTable(document, body)}
            <pre>${curl({ method, url: publicUrl + path, example: exampleOf(document, body, DEPTH) })}</pre>`
    }
    <table>
      ${Object.entries(operation.responses ?? {}).map(([status, response]) => {
        const schema = bodySchema(response.content);
        return html`<tr>
          <th>${status}</th>
          <td class="small">
            ${response.description ?? ''} ${schema === null ? '' : html`<span class="quiet">${typeName(schema)}</span>`}
          </td>
        </tr>`;
      })}
    </table>
  </section>`;
}

const bodySchema = (content: Content | undefined): Schema | null => Object.values(content ?? {})[0]?.schema ?? null;

function resolved(document: OpenApiDocument, schema: Schema): Schema {
  const name = schema.$ref?.split('/').pop();
  return name === undefined ? schema : (document.components?.schemas?.[name] ?? {});
}

function typeName(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').pop() ?? '';
  if (schema.enum !== undefined) return schema.enum.map(String).join(' | ');
  if (schema.items !== undefined) return `list of ${typeName(schema.items)}`;
  const bounds = [
    schema.minimum === undefined ? '' : `≥ ${schema.minimum}`,
    schema.maximum === undefined ? '' : `≤ ${schema.maximum}`,
  ]
    .filter((bound) => bound !== '')
    .join(', ');
  return [[schema.type ?? 'value'].flat().join(' or '), schema.format ?? '', bounds]
    .filter((part) => part !== '')
    .join(', ');
}

function propertyTable(document: OpenApiDocument, schema: Schema): Html {
  const { properties = {}, required = [] } = resolved(document, schema);
  if (Object.keys(properties).length === 0) return html``;
  return html`<table>
    ${Object.entries(properties).map(
      ([name, property]) =>
        html`<tr>
          <th>${name}</th>
          <td class="small">${typeName(property)}${required.includes(name) ? ', required' : ''}</td>
          <td class="small">${property.description ?? ''}</td>
        </tr>`,
    )}
  </table>`;
}

function exampleOf(document: OpenApiDocument, schema: Schema, depth: number): unknown {
  const shape = resolved(document, schema);
  if (shape.example !== undefined) return shape.example;
  if (shape.enum !== undefined) return shape.enum[0];
  if (shape.properties !== undefined) {
    if (depth === 0) return {};
    return Object.fromEntries(
      Object.entries(shape.properties).map(([name, property]) => [name, exampleOf(document, property, depth - 1)]),
    );
  }
  if (shape.items !== undefined) return [exampleOf(document, shape.items, depth - 1)];
  const [type] = [shape.type ?? 'string'].flat();
  if (type === 'boolean') return true;
  if (type === 'number' || type === 'integer') return shape.minimum ?? 1;
  return shape.format === 'date-time' ? '2026-03-01T10:00:00Z' : 'text';
}

function curl({ method, url, example }: { method: string; url: string; example: unknown }): string {
  const body = JSON.stringify(example, null, 2).replaceAll("'", "'\\''");
  return `curl -X ${method.toUpperCase()} ${url} \\\n  -H 'content-type: application/json' -d '${body}'`;
}
