import type { EngineKind } from './start-engine.mjs';

export const kafka: EngineKind;
