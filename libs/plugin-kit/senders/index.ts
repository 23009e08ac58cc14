export { postNotification, type NotificationPost } from './post-notification.js';
