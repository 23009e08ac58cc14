import type { Type } from '@nestjs/common';
import { TailHub } from './tail-hub.js';
import { TailMetrics } from './tail-metrics.js';
import { TailService } from './tail.service.js';
import { TailSlots } from './tail-slots.js';

/** What shows events to those who follow a stream. */
export const TAIL_PROVIDERS: readonly Type[] = [TailHub, TailMetrics, TailService, TailSlots];
