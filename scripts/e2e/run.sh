#!/usr/bin/env bash
# npm run e2e [-- OPTIONS]: real Agave validators in containers, moved by the procedures of this repository, held against the
# simulation. This script makes what the run needs (docker, an image), starts main.ts, and takes away what it has started.
#
# It needs, and says which is missing (exit 77, nothing was run):
#   docker     a daemon that answers; or root and dockerd (Debian: docker.io, which is installed when apt-get can), which is
#              then started with a folder and a socket of its own, and stopped at the end
#   an image   SOLEVOTER_AGAVE_IMAGE, by default the one below; where that cannot be had, root and the binaries of Agave in
#              SOLEVOTER_AGAVE_BIN (default ../shared/agave/bin, NAME-VERSION.xz), put on a Debian made by debootstrap
#   a compiler gcc, for three small files
#   about 4 GB of memory, and two cores that are not busy otherwise
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
here=scripts/e2e
public=anzaxyz/agave:v3.1.10
version=4.2.0
bin=${SOLEVOTER_AGAVE_BIN:-../shared/agave/bin}
cache=${SOLEVOTER_E2E_CACHE:-/var/tmp/solevoter-e2e}
image=solevoter-e2e
packages=openssh-server,openssh-client,sudo,curl,procps,util-linux,iproute2,ca-certificates

work=$(mktemp -d /tmp/solevoter-e2e.XXXXXX) || exit 1
daemon=
child=
bridge=

say() { echo "e2e: $*"; }
skip() {
  say "skipped: $*"
  exit 77
}
stop() {
  local status=$?
  trap - EXIT INT TERM
  if [ -n "$child" ]; then
    kill "$child" 2> /dev/null
    wait "$child" 2> /dev/null
  fi
  if [ -n "$daemon" ]; then
    local left
    left=$(docker ps -aq 2> /dev/null)
    # shellcheck disable=SC2086
    [ -z "$left" ] || docker rm -f $left > /dev/null 2>&1
    docker network prune -f > /dev/null 2>&1
    kill "$daemon" 2> /dev/null
    wait "$daemon" 2> /dev/null
    [ -z "$bridge" ] || ip link delete docker0 2> /dev/null
  fi
  rm -rf "$work"
  exit $status
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

quietly() { "$@" > "$work/log" 2>&1 || { tail -n 20 "$work/log" && return 1; }; }
as_root() { [ "$(id -u)" -eq 0 ]; }
install() { as_root && command -v apt-get > /dev/null && quietly env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "$@"; }
have() { command -v "$1" > /dev/null || { say "installing $2" && install $2; }; }

docker_answers() { command -v docker > /dev/null && timeout 20 docker version > /dev/null 2>&1; }

start_daemon() {
  as_root || skip 'no docker daemon answers, and only root can start one'
  have dockerd docker.io || skip 'no docker daemon answers, and dockerd cannot be installed (Debian: docker.io)'
  mkdir -p "$cache"
  ip link show docker0 > /dev/null 2>&1 || bridge=ours
  local drivers=(overlay2 vfs) driver
  for driver in "${drivers[@]}"; do
    dockerd --data-root "$cache/docker-$driver" --exec-root "$work/exec" --pidfile "$work/docker.pid" -H "unix://$work/docker.sock" \
      --storage-driver "$driver" > "$work/dockerd.log" 2>&1 < /dev/null &
    daemon=$!
    export DOCKER_HOST="unix://$work/docker.sock"
    for _ in $(seq 100); do
      docker_answers && say "started dockerd, storage driver $driver" && return
      kill -0 "$daemon" 2> /dev/null || break
      sleep 0.2
    done
    kill "$daemon" 2> /dev/null
    wait "$daemon" 2> /dev/null
    daemon=
  done
  tail -n 5 "$work/dockerd.log"
  skip 'dockerd does not run here'
}

# An image with sshd and the binaries: a public one, or debootstrap's Debian and the local binaries.
base() {
  if [ -n "${SOLEVOTER_AGAVE_IMAGE:-}" ]; then
    base=$SOLEVOTER_AGAVE_IMAGE
    docker image inspect "$base" > /dev/null 2>&1 || quietly timeout 600 docker pull "$base" || skip "the image $base cannot be had"
    return
  fi
  if [ ! -e "$bin/agave-validator-$version.xz" ]; then
    base=$public
    quietly timeout 300 docker pull "$base" || skip "neither $base nor binaries in $bin (SOLEVOTER_AGAVE_BIN) can be had"
    return
  fi
  base=$image-base:$version
  docker image inspect "$base" > /dev/null 2>&1 && return
  as_root || skip 'only root can make an image of debootstrap and local binaries'
  if [ ! -e "$cache/bookworm.tar" ]; then
    have debootstrap debootstrap || skip 'debootstrap cannot be installed'
    say 'making a Debian (debootstrap, about two minutes)'
    quietly debootstrap --variant=minbase --include=$packages bookworm "$work/debian" "${SOLEVOTER_DEBIAN_MIRROR:-http://deb.debian.org/debian}" || skip 'debootstrap failed: no Debian mirror?'
    rm -rf "$work"/debian/var/cache/apt/archives/*.deb "$work"/debian/var/lib/apt/lists/*
    mkdir -p "$cache"
    tar -C "$work/debian" -cf "$cache/bookworm.tar.part" . && mv "$cache/bookworm.tar.part" "$cache/bookworm.tar" || return 1
    rm -rf "$work/debian"
  fi
  mkdir -p "$work/base"
  for name in agave-validator solana-test-validator solana-keygen solana; do
    xz -dkc "$bin/$name-$version.xz" > "$work/base/$name" || return 1
  done
  chmod +x "$work"/base/*
  quietly docker import "$cache/bookworm.tar" $image-debian:bookworm || return 1
  printf 'FROM %s\nCOPY * /usr/local/bin/\n' $image-debian:bookworm > "$work/base.Dockerfile"
  quietly env DOCKER_BUILDKIT=0 docker build -t "$base" -f "$work/base.Dockerfile" "$work/base"
}

build_image() {
  have gcc 'gcc libc6-dev' || skip 'there is no gcc'
  base || return 1
  cp -r $here/image "$work/image"
  for name in open-files paced-scheduler; do gcc -O1 -shared -fPIC -o "$work/image/$name.so" "test/fidelity/validators/preload/$name.c" -ldl || return 1; done
  gcc -O1 -static -o "$work/image/watch-tower" "$work/image/watch-tower.c" || return 1
  quietly env DOCKER_BUILDKIT=0 docker build -t $image --build-arg "BASE=$base" "$work/image" || return 1
  say "image $image on $base: $(docker run --rm $image agave-validator --version)"
}

main() {
  for word in "$@"; do
    if [ "$word" = --help ]; then
      node --import tsx $here/main.ts --help
      return
    fi
  done
  docker_answers || start_daemon
  build_image || { say 'the image could not be made' && return 1; }
  [ "${1:-}" = --image ] && return
  SOLEVOTER_E2E_IMAGE=$image TESTCONTAINERS_RYUK_DISABLED=true node --import tsx $here/main.ts "$@" &
  child=$!
  wait "$child"
  local status=$?
  child=
  return $status
}

main "$@"
