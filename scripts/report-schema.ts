/** The JSON Schema of the result document, made of the schemas that its types are made of. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { eventSchema, headerSchema, runsSchema } from '../src/report/document/event-schema.ts';
import { documentSchema, findingSchema, subjectSchema } from '../src/report/document/schema.ts';
import { conflictSchema, downtimeSchema, livenessSchema, placeSchema, replaySchema, storySchema } from '../src/report/document/story-schema.ts';

/** Draft 7; what occurs more than once, or is long, stands under "definitions". */
export function reportJsonSchema(): object {
  const schema = toJsonSchema(documentSchema, {
    target: 'draft-07', errorMode: 'throw',
    definitions: {
      subject: subjectSchema, finding: findingSchema, story: storySchema, conflict: conflictSchema, downtime: downtimeSchema, liveness: livenessSchema,
      place: placeSchema, replay: replaySchema, header: headerSchema, event: eventSchema, lockouts: runsSchema,
    },
  });
  return { ...schema, $id: 'solevoter-report-1.json' };
}
