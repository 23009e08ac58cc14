import type { EngineKind } from './start-engine.mjs';

export const s3: EngineKind;
