export { DatagramListener, type DatagramListenerOptions } from './datagram-listener.js';
export { listenAt, listenError } from './listen-error.js';
export * from './listener-options.js';
export { StreamListener, type StreamListenerOptions } from './stream-listener.js';
