import { describeGuides, guidePages } from './describe-guides.js';

const { ofPlugins } = await guidePages();

describeGuides(ofPlugins);
