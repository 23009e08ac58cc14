/** What an extension's value is for the event itself, besides being an attribute. */
export type CefRole = 'rt' | 'end' | 'start' | 'dtz' | 'msg' | 'dvchost' | 'dvc';

/** The values of a line that have a role. */
export type CefRoles = Partial<Record<CefRole, string>>;

/** What the standard's dictionary says of an extension's key. */
export interface CefKey {
  /** As written. */
  readonly key: string;
  /** Name of the attribute. */
  readonly name: string;
  /** Whether a value that is a number is kept as one. */
  readonly isNumber: boolean;
  /** Set for a custom field, `cs1`, which may have a label. */
  readonly isCustom: boolean;
  /** The custom field of which this key is the label. */
  readonly labelOf: string | undefined;
  readonly role: CefRole | undefined;
}

/** Keys with a role, by their short and their full names. */
const ROLES: ReadonlyMap<string, CefRole> = new Map([
  ['rt', 'rt'],
  ['deviceReceiptTime', 'rt'],
  ['end', 'end'],
  ['endTime', 'end'],
  ['start', 'start'],
  ['startTime', 'start'],
  ['dtz', 'dtz'],
  ['deviceTimeZone', 'dtz'],
  ['msg', 'msg'],
  ['message', 'msg'],
  ['dvchost', 'dvchost'],
  ['deviceHostName', 'dvchost'],
  ['dvc', 'dvc'],
  ['deviceAddress', 'dvc'],
]);

/** The dictionary's keys of types Integer, Long and Floating Point, by their short and their full names. */
const NUMBERS: ReadonlySet<string> = new Set(
  `cnt baseEventCount deviceDirection dlat destinationGeoLatitude dlong destinationGeoLongitude dpid destinationProcessId
  dpt destinationPort destinationTranslatedPort dvcpid deviceProcessId eventId fsize fileSize in bytesIn oldFileSize out
  bytesOut slat sourceGeoLatitude slong sourceGeoLongitude spid sourceProcessId spt sourcePort sourceTranslatedPort
  type`.split(/\s+/),
);
const CUSTOM =
  /^(?:cs|cn|cfp|c6a|flexString|flexNumber|flexDate|deviceCustom(?:String|Number|FloatingPoint|IPv6Address|Date))\d{1,3}$/;
const CUSTOM_NUMBER = /^(?:cn|cfp|flexNumber|deviceCustomNumber|deviceCustomFloatingPoint)\d/;
const LABEL = 'Label';
const PREFIX = 'cef.ext.';

const FREQUENT =
  `act app cat cn1 cn1Label cn2 cn2Label cn3 cn3Label cnt cs1 cs1Label cs2 cs2Label cs3 cs3Label cs4 cs4Label
  cs5 cs5Label cs6 cs6Label dhost dmac dntdom dpid dpriv dproc dpt dst duid duser dvc dvchost dvcpid end externalId
  fileHash fileId filePath fname fsize in msg out outcome proto reason request requestClientApplication requestMethod rt
  shost smac sntdom spid spriv sproc spt src start suid suser deviceExternalId deviceFacility deviceInboundInterface
  deviceOutboundInterface deviceDirection destinationServiceName sourceServiceName eventId`.split(/\s+/);

const KNOWN = new Map(FREQUENT.map((key) => [key, describe(key)]));

/** Looks keys up: those of the dictionary at once, any other once for each reader. */
export function createKeyReader(): (key: string) => CefKey {
  const seen = new Map<string, CefKey>();
  return (key) => {
    const known = KNOWN.get(key) ?? seen.get(key);
    if (known) return known;
    const described = describe(key);
    seen.set(key, described);
    return described;
  };
}

function describe(key: string): CefKey {
  const base = key.endsWith(LABEL) ? key.slice(0, -LABEL.length) : '';
  return {
    key,
    name: PREFIX + key,
    isNumber: NUMBERS.has(key) || CUSTOM_NUMBER.test(key),
    isCustom: CUSTOM.test(key),
    labelOf: CUSTOM.test(base) ? base : undefined,
    role: ROLES.get(key),
  };
}

const NOT_NAME = /[^\p{L}\p{N}_.-]+/gu;
const PLAIN = /^[A-Za-z0-9_.-]+$/;
const LONGEST_NAME = 80;

/** The name under which a custom field is found by its label: `Host ID` is `cef.ext.Host_ID`. Empty where no letter is left. */
export function labelledName(label: string): string {
  if (label.length <= LONGEST_NAME && PLAIN.test(label)) return PREFIX + label;
  const name = label.slice(0, LONGEST_NAME).trim().replace(NOT_NAME, '_');
  return /^_*$/.test(name) ? '' : PREFIX + name;
}
