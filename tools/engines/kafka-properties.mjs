/** Ports of a node: for clients, for its controller, and for clients with TLS and a password, or those that come by a proxy. */
export const PORTS_A_NODE = 3;

/** A node's `server.properties`: small, quick to rebalance, and nothing made by itself. */
export function brokerProperties({ data, ports, node, tls, users, proxied, properties }) {
  const nodes = ports.length / PORTS_A_NODE;
  const portOf = (nth, which) => ports[(nth - 1) * PORTS_A_NODE + which];
  const voters = Array.from({ length: nodes }, (_, nth) => `${nth + 1}@127.0.0.1:${portOf(nth + 1, 1)}`);
  const [replicas, inSync] = nodes < 3 ? [1, 1] : [3, 2];
  const client = `PLAINTEXT://127.0.0.1:${portOf(node, 0)}${tls ? `,SECURE://127.0.0.1:${portOf(node, 2)}` : ''}`;
  const all = {
    'process.roles': 'broker,controller',
    'node.id': node,
    'controller.quorum.voters': voters.join(','),
    listeners: `${client},CONTROLLER://127.0.0.1:${portOf(node, 1)}`,
    'advertised.listeners': client,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT${tls ? ',SECURE:SASL_SSL' : ''}`,
    'log.dirs': data,
    ...SMALL,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    ...internalTopics(replicas, inSync),
    ...(tls && secureListener(tls, users)),
    ...(proxied && proxiedListener(client, [portOf(node, 2), portOf(node, 1)], proxied[node - 1])),
    ...properties,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Where clients come from a proxy; the brokers reach each other without it. */
function proxiedListener(client, [own, controller], proxy) {
  return {
    listeners: `${client},PROXIED://127.0.0.1:${own},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `${client},PROXIED://127.0.0.1:${proxy}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT',
  };
}

const SMALL = {
  'num.network.threads': 2,
  'num.io.threads': 2,
  'background.threads': 2,
  // By default 128 MiB of heap, and 10 MiB mapped for each segment.
  'log.cleaner.dedupe.buffer.size': 4_194_304,
  'log.index.size.max.bytes': 262_144,
  'log.segment.bytes': 67_108_864,
  'auto.create.topics.enable': false,
  // By default a group waits 3 s for more members.
  'group.initial.rebalance.delay.ms': 0,
  'group.min.session.timeout.ms': 1_000,
  'broker.session.timeout.ms': 6_000,
};

function internalTopics(replicas, inSync) {
  return {
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
  };
}

/** Who comes without a certificate of the CA may still log in; who brings one must have it from there. */
function secureListener({ cert, key, ca, clientAuth = 'requested' }, users) {
  const at = 'listener.name.secure';
  const plain = users.map(({ name, password }) => `user_${name}="${password}"`).join(' ');
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  return {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    [`${at}.plain.sasl.jaas.config`]: `org.apache.kafka.common.security.plain.PlainLoginModule required ${plain};`,
    [`${at}.scram-sha-256.sasl.jaas.config`]: scram,
    [`${at}.scram-sha-512.sasl.jaas.config`]: scram,
    [`${at}.ssl.keystore.type`]: 'PEM',
    [`${at}.ssl.keystore.certificate.chain`]: oneLine(cert),
    [`${at}.ssl.keystore.key`]: oneLine(key),
    [`${at}.ssl.truststore.type`]: 'PEM',
    [`${at}.ssl.truststore.certificates`]: oneLine(ca),
    [`${at}.ssl.client.auth`]: clientAuth,
  };
}

/** PEM as the value of a property. */
function oneLine(pem) {
  return pem.trim().replaceAll('\n', '\\n');
}
