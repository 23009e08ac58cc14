import { integer } from './number-types.js';
import { bootSetting } from './setting.js';
import { text } from './text-types.js';

const OFF = 'nothing listens';
const PEM = text('the path of a PEM file');

/** Settings of the syslog input that the start makes: all that is needed to take messages of the own network. */
export const syslogSettings = {
  syslogUdpPort: bootSetting({
    path: 'syslog.udp_port',
    type: integer(0, 65_535),
    otherwise: OFF,
    description:
      'Port for syslog over UDP. With it, or one of the other two, the start makes an input that takes messages from private networks into the stream `syslog` of the tenant `default`; `/api/v1/inputs/syslog` says who else may send. 0 takes a free one.',
  }),
  syslogTcpPort: bootSetting({
    path: 'syslog.tcp_port',
    type: integer(0, 65_535),
    otherwise: OFF,
    description: 'Port for syslog over TCP. 0 takes a free one.',
  }),
  syslogTlsPort: bootSetting({
    path: 'syslog.tls_port',
    type: integer(0, 65_535),
    otherwise: OFF,
    description: 'Port for syslog over TLS. 0 takes a free one.',
  }),
  syslogHost: bootSetting({
    path: 'syslog.host',
    type: text('a host name or an address'),
    default: '::',
    description: 'Address to listen on for syslog. `::` is all of them, of IPv4 and IPv6.',
  }),
  syslogTlsCert: bootSetting({
    path: 'syslog.tls_cert',
    type: PEM,
    otherwise: '`tls.cert`',
    description: 'Certificate chain for syslog over TLS.',
  }),
  syslogTlsKey: bootSetting({
    path: 'syslog.tls_key',
    type: PEM,
    otherwise: '`tls.key`',
    description: 'Private key of the certificate.',
  }),
  syslogTlsCa: bootSetting({
    path: 'syslog.tls_ca',
    type: PEM,
    otherwise: 'no client certificate is asked for',
    description:
      'Authorities whose client certificates are taken; with it, only senders with such a one are.',
  }),
};
