import { describeGuides, guidePages } from './describe-guides.js';

const { others } = await guidePages();

describeGuides(others);
