import type { BootSettings } from '#app-config';
import type { InputWish } from './input-manager.js';
import { PRIVATE_NETWORKS } from './source-rules.js';

const SYSLOG = 'syslog';

/** The inputs that boot settings ask for: one for syslog, where a port of it is set. */
export function bootInputs(boot: BootSettings): readonly InputWish[] {
  const { syslogUdpPort: udp, syslogTcpPort: tcp, syslogTlsPort: tls } = boot;
  if (udp === undefined && tcp === undefined && tls === undefined) return [];
  const options = {
    host: boot.syslogHost,
    ...(udp !== undefined && { udp_port: udp }),
    ...(tcp !== undefined && { tcp_port: tcp }),
    ...(tls !== undefined && { tls_port: tls, tls: tlsOf(boot) }),
  };
  const networks = [...PRIVATE_NETWORKS];
  const sources = [{ networks, tenant: 'default', stream: SYSLOG }];
  return [{ name: SYSLOG, kind: SYSLOG, options, sources, enabled: true }];
}

function tlsOf({ syslogTlsCert, syslogTlsKey, syslogTlsCa, tlsCert, tlsKey }: BootSettings) {
  return {
    cert_file: syslogTlsCert ?? tlsCert,
    key_file: syslogTlsKey ?? tlsKey,
    ...(syslogTlsCa !== undefined && { ca_file: syslogTlsCa }),
  };
}
