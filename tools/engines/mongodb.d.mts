import type { EngineKind } from './start-engine.mjs';

export const mongodb: EngineKind;
