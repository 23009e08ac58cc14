import { describeTierContract } from '#plugin-kit/testing';
import { embeddedTiers } from './testing/embedded-tiers.js';

const tiers = embeddedTiers();

describeTierContract('chDB', () => tiers.start());
