import { describeSeededBugs } from './testing/describe-seeded-bugs.js';
import { embeddedTiers } from './testing/embedded-tiers.js';

describeSeededBugs('chDB', embeddedTiers());
