import type { Bucket } from './api.js';
import { byId } from './dom.js';
import { spanMs, toReadable } from './time-range.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 600;
const HEIGHT = 80;
/** Least height of a bar with events, so that a single one is seen beside millions. */
const LEAST = 1.5;

/** Draws how many events there were in each interval; a click on a bar asks for its time. */
export function drawHistogram(
  buckets: readonly Bucket[],
  interval: string,
  zoom: (from: number, to: number) => void,
): void {
  const peak = Math.max(0, ...buckets.map(({ metrics }) => metrics.count));
  const width = WIDTH / Math.max(1, buckets.length);
  const bars = buckets.flatMap((bucket, n) => {
    if (bucket.metrics.count === 0) return [];
    const from = Date.parse(bucket.time);
    const rect = bar({ x: n * width, width, height: (bucket.metrics.count / peak) * HEIGHT });
    rect.append(title(`${toReadable(bucket.time)}: ${bucket.metrics.count.toLocaleString('en')}`));
    rect.addEventListener('click', () => zoom(from, from + spanMs(interval)));
    return [rect];
  });
  const chart = byId<SVGElement>('histogram');
  chart.replaceChildren(...bars);
  describe(chart, buckets, { interval, peak });
}

function describe(
  chart: SVGElement,
  buckets: readonly Bucket[],
  { interval, peak }: { readonly interval: string; readonly peak: number },
): void {
  const [first, last] = [buckets[0]?.time ?? '', buckets.at(-1)?.time ?? ''];
  const most = `${peak.toLocaleString('en')} at most in ${interval}`;
  byId('histogram-start').textContent = toReadable(first).slice(0, 19);
  byId('histogram-end').textContent = toReadable(last).slice(0, 19);
  byId('histogram-peak').textContent = peak === 0 ? '' : most;
  const text = peak === 0 ? 'No events' : `Events from ${toReadable(first)} to ${toReadable(last)}: ${most}`;
  chart.setAttribute('aria-label', text);
}

function bar({ x, width, height }: { readonly x: number; readonly width: number; readonly height: number }) {
  const shown = Math.max(LEAST, height);
  const rect = document.createElementNS(SVG, 'rect');
  const gap = width > 3 ? 0.8 : 0;
  const place = { x, y: HEIGHT - shown, width: width - gap, height: shown };
  for (const [name, value] of Object.entries(place)) rect.setAttribute(name, value.toFixed(2));
  return rect;
}

function title(text: string): SVGElement {
  const made = document.createElementNS(SVG, 'title');
  made.textContent = text;
  return made;
}
