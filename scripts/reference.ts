// `npm run reference`: writes what the shapes of lib/config say into docs/.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { editorSchema, referencePage } from './configuration-reference';

const docs = fileURLToPath(new URL('../docs/', import.meta.url));
writeFileSync(`${docs}configuration.md`, referencePage());
writeFileSync(`${docs}ecs-rollback.schema.json`, editorSchema());
