/** The commands of the simulated machines that are not of the coreutils kind, in words: docs/model.md and its test take them from here. */

/** A command that is not of the coreutils kind: its forms, each with a line that runs without a gap. */
export interface Form {
  readonly form: string;
  readonly example: string;
  /** Runs on this machine, in a world with etcd. */
  readonly etcdOn?: 'etcd' | 'active';
}

/** Forms of the commands about validators, machines and the cluster. `example` is run by a test. */
export const FORMS: Readonly<Record<string, readonly Form[]>> = {
  'agave-validator': [
    { form: '-l\\|--ledger DIR set-identity [--require-tower] [--do-not-require-vote-history] KEYPAIR', example: 'agave-validator -l /mnt/ledger set-identity --require-tower --do-not-require-vote-history /home/sol/staked-identity.json' },
    { form: '… authorized-voter add KEYPAIR', example: 'agave-validator -l /mnt/ledger authorized-voter add /home/sol/staked-identity.json' },
    { form: '… authorized-voter remove-all', example: 'agave-validator --ledger /mnt/ledger authorized-voter remove-all' },
    { form: '… contact-info', example: 'agave-validator -l /mnt/ledger contact-info' },
    { form: '… exit [-f\\|--force] [--no-wait-for-exit] [--min-idle-time MINUTES] [--max-delinquent-stake PERCENT] [--skip-new-snapshot-check] [--skip-health-check]', example: 'agave-validator -l /mnt/ledger exit -f --no-wait-for-exit --min-idle-time 2 --max-delinquent-stake 5 --skip-new-snapshot-check --skip-health-check' },
    { form: '… monitor (read for two seconds, then left)', example: 'agave-validator -l /mnt/ledger monitor' },
    { form: '… wait-for-restart-window [--skip-new-snapshot-check] [--min-idle-time MINUTES] [--max-delinquent-stake PERCENT] [--identity KEYPAIR] [--skip-health-check]', example: 'agave-validator -l /mnt/ledger wait-for-restart-window --skip-new-snapshot-check --min-idle-time 2 --max-delinquent-stake 5 --identity /home/sol/staked-identity.json --skip-health-check' },
    { form: '-V\\|--version', example: 'agave-validator --version' },
  ],
  'solana-keygen': [
    { form: 'pubkey KEYPAIR', example: 'solana-keygen pubkey /home/sol/staked-identity.json' },
    { form: 'new --no-bip39-passphrase -o\\|--outfile FILE [-s\\|--silent] [-f\\|--force] [--no-passphrase]', example: 'solana-keygen new -s --force --no-passphrase --no-bip39-passphrase -o /home/sol/new.json' },
  ],
  solana: [
    { form: 'slot', example: 'solana slot -u l --commitment finalized' },
    { form: 'catchup --our-localhost PORT', example: 'solana catchup --our-localhost 8899 --follow --verbose' },
    { form: 'vote-account, validators, leader-schedule; all with [-u\\|--url URL] [--commitment LEVEL] [--verbose\\|-v] [--follow] [--our-localhost-default]', example: 'solana vote-account x --our-localhost-default && solana validators -v && solana leader-schedule --url https://api.example' },
  ],
  curl: [
    { form: '[-s\\|--silent] [-f\\|--fail] [-S\\|--show-error] [-sS] [-sf] [-fsS] [-m\\|--max-time S] URL/health', example: 'curl -s -f -S --max-time 5 http://localhost:8899/health' },
    { form: '… [-X\\|--request POST] [-H\\|--header H] -d\\|--data \'{"method":…}\' URL, for getSlot, getHealth, getIdentity (of a host) and getVoteAccounts', example: `curl -sS -X POST -H 'Content-Type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"getIdentity"}' http://localhost:8899` },
    { form: '[-s] [-S] [-f] [-m S] --cacert FILE --cert FILE --key FILE https://ADDRESS:2379/, to etcd', example: 'curl -s --cacert certs/etcd-ca.pem --cert certs/validator.pem --key certs/validator-key.pem https://127.0.0.1:2379/', etcdOn: 'etcd' },
  ],
  scp: [{ form: '[-p] [-q] [-C] [-v] [-B] [-O] [-o OPTION] [-i KEY] [-P PORT] [-l LIMIT] [-F FILE] [-J HOST] FROM TO, one file', example: 'scp -p -q -C -v -B -O -o BatchMode=yes -i /home/sol/key -P 22 /home/sol/vote.json sol@68.100.100.10:/home/sol/copy.json' }],
  ssh: [{ form: '[-q] [-T] [-t] [-n] [-v] [-A] [-o OPTION] [-i KEY] [-p PORT] [-l USER] [-F FILE] [-J HOST] USER@HOST COMMAND', example: 'ssh -q -T -t -n -v -A -o BatchMode=yes -p 22 sol@68.100.100.10 hostname' }],
  systemctl: [
    { form: 'is-active, is-enabled, daemon-reload UNIT', example: 'systemctl is-active sol && systemctl is-enabled --quiet sol' },
    { form: 'show [-p\\|--property NAMES] [--value] UNIT: ActiveState, MainPID, UnitFileState, Restart', example: 'systemctl show --property MainPID --value sol' },
    { form: 'start, stop, restart, enable, disable, unmask [--no-block] [--now] [-q\\|--quiet] UNIT, as root; mask fails, because the unit file lies in /etc', example: 'sudo systemctl stop --no-block sol' },
    { form: 'kill [-s\\|--signal KILL, TERM, STOP, CONT, 0] [--kill-whom WHO] [--kill-who WHO] UNIT', example: 'sudo systemctl kill -s STOP --kill-whom main sol' },
  ],
  sudo: [{ form: '[-n] [-u USER] COMMAND, without a password', example: 'sudo -n -u sol hostname' }],
  kill: [{ form: '[-s SIGNAL] [-SIGNAL] PID, for the validator\'s process', example: 'kill -0 1000' }],
  pgrep: [{ form: '[-f] [-x] PATTERN, for the validator\'s process', example: 'pgrep -f agave-validator' }],
  printf: [{ form: 'FORMAT [ARGUMENT…] with %s, %d, %%', example: "printf '%s\\n' a b" }],
  sleep: [{ form: 'NUMBER[s\\|m\\|h]', example: 'sleep 0.5' }],
  timeout: [{ form: '[-s\\|--signal SIGNAL] [-k TIME] TIME COMMAND', example: 'timeout -s KILL -k 1 5 hostname' }],
  date: [{ form: '+%s, of the machine\'s own clock', example: 'date +%s' }],
  hostname: [{ form: '', example: 'hostname' }],
  bash: [{ form: '-c LINE', example: 'bash -c hostname' }],
  'agave-install': [{ form: 'init VERSION: what the next start of the validator runs', example: 'agave-install init 2.3.14' }],
  cfssl: [
    { form: 'gencert -initca CONFIG, where etcd is part of the world, as the five below', example: `echo '{"CN":"etcd-ca"}' > ca.json && cfssl gencert -initca ca.json`, etcdOn: 'etcd' },
    { form: 'gencert -ca FILE -ca-key FILE CONFIG', example: `echo '{"CN":"etcd"}' > a.json && cfssl gencert -initca a.json | cfssljson -bare a && cfssl gencert -ca a.pem -ca-key a-key.pem a.json`, etcdOn: 'etcd' },
  ],
  cfssljson: [{ form: '-bare NAME, of what cfssl prints', example: `echo '{"CN":"etcd"}' > a.json && cfssl gencert -initca a.json | cfssljson -bare a`, etcdOn: 'etcd' }],
  etcd: [{
    form: '--cert-file FILE --key-file FILE --trusted-ca-file FILE [--client-cert-auth] --listen-client-urls https://… [--advertise-client-urls URL] [--auto-compaction-mode revision] [--auto-compaction-retention N] [--data-dir DIR], on its own machine; the command ends when it serves',
    example: 'etcd --cert-file=certs/etcd.pem --key-file=certs/etcd-key.pem --trusted-ca-file=certs/etcd-ca.pem --client-cert-auth --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379 --auto-compaction-mode revision --auto-compaction-retention 2 --data-dir d; true',
    etcdOn: 'etcd',
  }],
  etcdctl: [
    { form: '--endpoints URL --cacert FILE --cert FILE --key FILE endpoint health', example: 'etcdctl --endpoints https://127.0.0.1:2379 --cacert certs/etcd-ca.pem --cert certs/validator.pem --key certs/validator-key.pem endpoint health', etcdOn: 'etcd' },
    { form: '… get KEY [--prefix] [--rev N] [--keys-only] [--print-value-only]', example: 'etcdctl --endpoints https://127.0.0.1:2379 --cacert certs/etcd-ca.pem --cert certs/validator.pem --key certs/validator-key.pem get "" --prefix --keys-only --print-value-only --rev 4', etcdOn: 'etcd' },
    { form: '… put KEY VALUE', example: 'etcdctl --endpoints https://127.0.0.1:2379 --cacert certs/etcd-ca.pem --cert certs/validator.pem --key certs/validator-key.pem put k v', etcdOn: 'etcd' },
    { form: '… compaction REVISION', example: 'etcdctl --endpoints https://127.0.0.1:2379 --cacert certs/etcd-ca.pem --cert certs/validator.pem --key certs/validator-key.pem compaction 3', etcdOn: 'etcd' },
    { form: '… snapshot save FILE', example: 'etcdctl --endpoints https://127.0.0.1:2379 --cacert certs/etcd-ca.pem --cert certs/validator.pem --key certs/validator-key.pem snapshot save s.db', etcdOn: 'etcd' },
  ],
  setsid: [{ form: '--fork\\|-f COMMAND', example: 'setsid --fork hostname && setsid -f hostname' }],
};
