/** The JSON Schema of the result document, made of the schemas that its types are made of. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { documentSchema } from '../src/report/document/schema.ts';

/** Draft 7. */
export function reportJsonSchema(): object {
  return toJsonSchema(documentSchema, { target: 'draft-07', errorMode: 'throw' });
}
