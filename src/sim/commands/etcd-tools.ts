/**
 * The commands around etcd: certificates by cfssl, etcd itself, etcdctl, curl to it; and `agave-install`. Answers as seen with
 * cfssl 1.2.0, etcd 3.4.23 and curl 7.88 with OpenSSL 3.
 */
import { askStore } from '../../model/etcd-store.ts';
import type { EtcdRequest } from '../../model/etcd-store.ts';
import { agaveBehaviour } from '../agave-versions.ts';
import { attempt, errnoMessage } from '../disk-error.ts';
import { AUTHORITY_LIFE, LEAF_LIFE, certificateIn, certificateText, distrust, keyIn, keyText } from '../etcd-certificates.ts';
import type { Certificate, Credentials } from '../etcd-certificates.ts';
import { isServing, scheduleCompaction } from '../etcd.ts';
import type { Etcd, EtcdValue } from '../etcd.ts';
import { FIXED } from '../latency.ts';
import { done, failed, gap, machineOf, parseOptions } from './command.ts';
import type { Command, CommandContext, Options } from './command.ts';

/** Where etcd is no part of the world, nobody has installed any of it. */
function third(context: CommandContext): Etcd | null {
  return context.world.etcd;
}

function textOf({ station, user, cwd }: CommandContext, path: string): string | null {
  const content = attempt(() => station.disk.readFile(path, { user, cwd }));
  return content.ok ? new TextDecoder().decode(content.value) : null;
}

/** cfssl gencert -initca CONFIG, or -ca FILE -ca-key FILE CONFIG: a key pair and its certificate, as JSON. */
export const cfssl: Command = function* (context, argv) {
  const options = parseOptions(argv.slice(2), ['-initca'], ['-ca', '-ca-key']);
  const etcd = third(context);
  const [config, extra] = options.positionals;
  if (etcd === null || argv[1] !== 'gencert' || options.unknown !== null || config === undefined || extra !== undefined) return gap(`cfssl ${argv.slice(1).join(' ')}`);
  yield context.world.now + FIXED.keygen;
  const request = requestIn(textOf(context, config));
  if (request === null) return failed(1, `{"code":5100,"message":"${config} cannot be read"}`);
  const { now } = context.world;
  const key = `key-${++etcd.keys}`;
  if (options.flags.has('-initca')) return made({ subject: request.CN, issuer: request.CN, key, signedBy: key, hosts: request.hosts, authority: true, ends: now + AUTHORITY_LIFE });
  const authority = certificateIn(textOf(context, options.values.get('-ca') ?? '') ?? '');
  const authorityKey = keyIn(textOf(context, options.values.get('-ca-key') ?? '') ?? '');
  if (authority === null || authorityKey !== authority.key) return failed(1, 'failed to load the certificate authority');
  return made({ subject: request.CN, issuer: authority.subject, key, signedBy: authority.key, hosts: request.hosts, authority: false, ends: now + LEAF_LIFE });
};

function made(certificate: Certificate): ReturnType<typeof done> {
  return done(`${JSON.stringify({ cert: certificateText(certificate), key: keyText(certificate.key) })}\n`);
}

function requestIn(text: string | null): { readonly CN: string; readonly hosts: readonly string[] } | null {
  try {
    const { CN, hosts } = JSON.parse(text ?? '') as { CN?: unknown; hosts?: unknown };
    return typeof CN === 'string' ? { CN, hosts: Array.isArray(hosts) ? hosts.map(String) : [] } : null;
  } catch {
    return null;
  }
}

/** cfssljson -bare NAME: writes what cfssl has printed to NAME.pem and NAME-key.pem. */
export const cfssljson: Command = function* (context, argv) {
  const [, bare, name, extra] = argv;
  if (third(context) === null || bare !== '-bare' || name === undefined || extra !== undefined) return gap(`cfssljson ${argv.slice(1).join(' ')}`);
  yield context.world.now + FIXED.fileCommand;
  let printed: { readonly cert: string; readonly key: string };
  try {
    printed = JSON.parse(context.stdin) as { cert: string; key: string };
  } catch {
    return failed(1, 'Failed to parse input: unexpected end of JSON input');
  }
  const actor = { user: context.user, cwd: context.cwd, t: context.world.now };
  const write = (path: string, text: string, mode: number) => attempt(() => context.station.disk.writeFile(path, new TextEncoder().encode(text), actor, mode));
  const written = [write(`${name}.pem`, printed.cert, 0o644), write(`${name}-key.pem`, printed.key, 0o600)].find(({ ok }) => !ok);
  return written === undefined || written.ok ? done() : failed(1, `open ${name}.pem: ${errnoMessage(written.code)}`);
};

/** setsid --fork COMMAND: what is started outlives the session. Of commands that stay, only etcd is known. */
export const setsid: Command = function* (context, argv) {
  const [, fork, ...command] = argv;
  if ((fork !== '--fork' && fork !== '-f') || command.length === 0) return gap(`setsid ${argv.slice(1).join(' ')}`);
  return yield* context.exec(context, command);
};

/** etcd with client certificates. It serves when the command ends, as if it had been put in the background. */
export const etcd: Command = function* (context, argv) {
  const options = parseOptions(argv.slice(1), ['--client-cert-auth'], [
    '--auto-compaction-retention', '--auto-compaction-mode', '--cert-file', '--key-file', '--trusted-ca-file', '--listen-client-urls', '--advertise-client-urls', '--data-dir',
  ]);
  const host = third(context);
  if (host === null || context.station.name !== 'etcd') return gap('etcd on a machine that is not that of etcd');
  if (options.unknown !== null || options.positionals.length > 0) return gap(`etcd ${options.unknown ?? options.positionals[0]}`);
  if (host.server !== null && isServing(host)) return failed(1, 'listen tcp: bind: address already in use');
  const credentials = credentialsIn(context, options, '--trusted-ca-file', '--cert-file', '--key-file');
  if (typeof credentials === 'string') return failed(1, `open ${credentials}: no such file or directory`);
  const listens = /^https:\/\/([^,/]+)/.exec(options.values.get('--listen-client-urls') ?? '')?.[1];
  if (listens === undefined) return gap('etcd without --listen-client-urls=https://…');
  if (options.values.has('--auto-compaction-mode') && options.values.get('--auto-compaction-mode') !== 'revision') return gap('etcd --auto-compaction-mode of another kind than revision');
  yield context.world.now + FIXED.etcdStart;
  const kept = options.values.get('--auto-compaction-retention');
  if (host.server === null) scheduleCompaction(context.world);
  host.server = { run: (host.server?.run ?? 0) + 1, credentials, clientCertAuth: options.flags.has('--client-cert-auth'), listens, retention: kept === undefined ? null : Number(kept) };
  host.down = 0;
  return done();
};

/** The three files that options name, or the name of one that is not there. */
function credentialsIn(context: CommandContext, options: Options, authority: string, certificate: string, key: string): Credentials | string {
  const files = [authority, certificate, key].map((option) => options.values.get(option) ?? option);
  const [ca, cert] = files.slice(0, 2).map((file) => certificateIn(textOf(context, file) ?? ''));
  const secret = keyIn(textOf(context, files[2]!) ?? '');
  if (ca == null) return files[0]!;
  if (cert == null) return files[1]!;
  return secret === null ? files[2]! : { authority: ca, certificate: cert, key: secret };
}

/** Why a client of Go or OpenSSL does not get through to etcd; null: it does. */
function clientError(context: CommandContext, host: Etcd, credentials: Credentials, name: string): 'refused' | 'issuer' | 'expired' | 'name' | 'alert' | null {
  const { server } = host;
  if (server === null || !isServing(host)) return 'refused';
  const own = server.credentials.certificate;
  const refusal = distrust(own, credentials.authority, name, context.world.now);
  if (host.expired > 0 || refusal === 'Expired') return 'expired';
  if (refusal !== null) return refusal === 'UnknownIssuer' ? 'issuer' : 'name';
  if (!server.clientCertAuth) return null;
  const { certificate, key } = credentials;
  return certificate.key !== key || distrust(certificate, server.credentials.authority, null, context.world.now) !== null ? 'alert' : null;
}

/**
 * curl https://…:2379/: etcd has nothing at "/" and answers 404, exit 0. OpenSSL takes a certificate for self-signed whose
 * subject is that of its issuer, whoever signed it.
 */
export const curlToEtcd: Command = function* (context, argv) {
  const options = parseOptions(argv.slice(1), ['-s|--silent', '-S|--show-error', '-sS', '-f|--fail', '-sf'], ['--cacert', '--cert', '--key', '-m|--max-time']);
  const [url, extra] = options.positionals;
  const host = third(context);
  if (host === null || options.unknown !== null || url === undefined || extra !== undefined) return gap(`curl ${argv.slice(1).join(' ')}`);
  yield context.world.now + FIXED.rpc;
  const name = /^https:\/\/([^:/]+)/.exec(url)?.[1] ?? '';
  if ((name === 'localhost' || name === '127.0.0.1') && context.station.name !== 'etcd') return failed(7, `curl: (7) Failed to connect to ${name} port 2379: Connection refused`);
  const credentials = credentialsIn(context, options, '--cacert', '--cert', '--key');
  if (typeof credentials === 'string') return failed(credentials === options.values.get('--cacert') ? 77 : 58, `curl: could not load ${credentials}`);
  const served = host.server?.credentials.certificate;
  if (served !== undefined && isServing(host) && served.subject === served.issuer) return failed(60, 'curl: (60) SSL certificate problem: self-signed certificate');
  switch (clientError(context, host, credentials, name)) {
    case 'refused': return failed(7, `curl: (7) Failed to connect to ${name} port 2379: Connection refused`);
    case 'issuer': return failed(60, 'curl: (60) SSL certificate problem: unable to get local issuer certificate');
    case 'expired': return failed(60, 'curl: (60) SSL certificate problem: certificate has expired');
    case 'name': return failed(60, `curl: (60) SSL: no alternative certificate subject name matches target host name '${name}'`);
    case 'alert': return failed(56, 'curl: (56) OpenSSL SSL_read: sslv3 alert bad certificate, errno 0');
    case null: return options.flags.has('--fail') ? failed(22, 'curl: (22) The requested URL returned error: 404') : done('404 page not found\n');
  }
};

/** etcdctl --endpoints … --cacert … --cert … --key …: endpoint health, snapshot save FILE, get KEY, put KEY VALUE, compaction REVISION. */
export const etcdctl: Command = function* (context, argv) {
  const options = parseOptions(argv.slice(1), ['--print-value-only', '--keys-only', '--prefix'], ['--endpoints', '--cacert', '--cert', '--key', '--rev']);
  const host = third(context);
  const [verb, object, file] = options.positionals;
  if (host === null || options.unknown !== null) return gap(`etcdctl ${argv.slice(1).join(' ')}`);
  yield context.world.now + FIXED.rpc;
  const endpoint = options.values.get('--endpoints') ?? '127.0.0.1:2379';
  const credentials = credentialsIn(context, options, '--cacert', '--cert', '--key');
  if (typeof credentials === 'string') return failed(128, `Error: open ${credentials}: no such file or directory`);
  const name = /^(?:https:\/\/)?([^:/]+)/.exec(endpoint)![1]!;
  if (clientError(context, host, credentials, name) !== null) return failed(1, `${endpoint} is unhealthy: failed to commit proposal: context deadline exceeded\nError: unhealthy cluster`);
  if (verb === 'endpoint' && object === 'health') return done(`${endpoint} is healthy: successfully committed proposal\n`);
  if (verb === 'snapshot' && object === 'save' && file !== undefined) {
    host.backup = host.store;
    return done(`Snapshot saved at ${file}\n`);
  }
  const request = requestOf(verb, object, file, options);
  if (request === null) return gap(`etcdctl ${options.positionals.join(' ')}`);
  const { store, answer } = askStore(host.store, request);
  host.store = store;
  if (!answer.ok) return failed(1, `{"level":"warn","msg":"retrying of unary invoker failed"}\nError: ${answer.error.message}`);
  if (verb === 'put') return done('OK\n');
  if (verb === 'compaction') return done(`compacted revision ${object}\n`);
  const pairs = answer.op === 'range' ? answer.pairs : [];
  return done(pairs.map(({ key, value }) => (options.flags.has('--keys-only') ? `${key}\n\n` : options.flags.has('--print-value-only') ? `${shown(value)}\n` : `${key}\n${shown(value)}\n`)).join(''));
};

function requestOf(verb: string | undefined, object: string | undefined, value: string | undefined, { values, flags }: Options): EtcdRequest<EtcdValue> | null {
  if (object === undefined) return null;
  switch (verb) {
    case 'get': return { op: 'range', ...(flags.has('--prefix') ? withPrefix(object) : { key: object }), ...(values.has('--rev') ? { revision: Number(values.get('--rev')) } : {}) };
    case 'put': return value === undefined ? null : { op: 'put', key: object, value };
    case 'compaction': return { op: 'compact', revision: Number(object) };
    default: return null;
  }
}

/** All keys that begin with a word; with the empty one all keys. */
function withPrefix(word: string): { readonly key: string; readonly end: string } {
  if (word === '') return { key: '\0', end: '\0' };
  return { key: word, end: word.slice(0, -1) + String.fromCharCode(word.charCodeAt(word.length - 1) + 1) };
}

/** Bytes in truth; what people compare of them is whether they are the same. */
function shown(value: EtcdValue): string {
  return typeof value === 'object' ? `tower, last vote ${value.lastVote?.slot ?? 'none'}` : String(value);
}

/** agave-install init VERSION: what the next start of the validator runs. */
export const agaveInstall: Command = function* (context, argv) {
  const [, init, version, extra] = argv;
  const machine = machineOf(context);
  if (init !== 'init' || version === undefined || extra !== undefined || machine === null) return gap(`agave-install ${argv.slice(1).join(' ')}`);
  yield context.world.now + FIXED.fileCommand;
  if (agaveBehaviour(version) === null) return gap(`Agave ${version}`);
  machine.installed = version;
  return done(`✨ ${version} initialized\n`);
};

