export { Alarms, type Alarm, type Condition } from './alarms.js';
export { NotificationModule, type NotificationOptions } from './notification.module.js';
export { MAX_NOTIFIERS, NotifierError, Notifiers, type NotifierStatus } from './notifiers.js';
export { OpenNetworks } from './open-networks.js';
