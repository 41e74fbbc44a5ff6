#!/bin/sh
# Prepare what a make target needs: prepare.sh run|dev [browser]
# Reruns cost nothing: .venv remembers the hash of the lock it was built from. As root on Debian missing
# system packages are installed; otherwise one sentence names the command, and we stop.
set -eu
kind=$1
python=${PYTHON:-python3}

stop() {
    echo "$*" >&2
    exit 1
}

apt_or_say() { # packages, reason
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        echo "Installing $1 ($2) …"
        # A stale index names versions that are gone, so it is read anew before giving up.
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $1 > /dev/null 2>&1 ||
            { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $1 > /dev/null; } ||
            stop "$2: apt-get could not install $1."
    else
        stop "$2: run 'sudo apt-get install $1' and call make again."
    fi
}

if [ ! -x .venv/bin/python ]; then
    command -v "$python" > /dev/null || stop "Python 3.11 or newer is missing: run 'sudo apt-get install python3 python3-venv' and call make again."
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "$("$python" --version) is too old: Parity needs Python 3.11 or newer (make PYTHON=python3.12 …)."
    "$python" -c 'import ensurepip, venv' 2> /dev/null || apt_or_say python3-venv "Python has no venv"
    echo "Creating .venv …"
    "$python" -m venv .venv
fi

installed() { # is this lock what .venv holds?
    [ "$(sha256sum < "requirements/$1.txt")" = "$(cat ".venv/.lock-$1" 2> /dev/null)" ]
}

# The development lock holds everything that running needs.
if ! installed dev && { [ "$kind" = dev ] || ! installed run; }; then
    echo "Installing requirements/$kind.txt …"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "requirements/$kind.txt"
    sha256sum < "requirements/$kind.txt" > ".venv/.lock-$kind"
fi

# The identity provider of the tests is a package of npm; Node and npm come with the development lock.
provider=tests/servers/oidc
if [ "$kind" = dev ] && [ "$(sha256sum < $provider/package-lock.json)" != "$(cat .venv/.lock-oidc 2> /dev/null)" ]; then
    echo "Installing $provider/package-lock.json …"
    mkdir -p .venv/identity-provider
    cp $provider/package.json $provider/package-lock.json .venv/identity-provider
    # Node brings its own list of authorities; those that this machine trusts count too, as they do for pip.
    (cd .venv/identity-provider && PATH=$PWD/../bin:$PATH NODE_OPTIONS=--use-system-ca npm ci --ignore-scripts --no-audit \
        --no-fund --loglevel=error --fetch-retries=2 --fetch-timeout=60000 > /dev/null)
    sha256sum < $provider/package-lock.json > .venv/.lock-oidc
fi

if [ "${2:-}" = browser ] && [ -z "${PARITY_TEST_CHROMIUM:-}" ]; then
    command -v chromium > /dev/null || command -v chromium-browser > /dev/null ||
        apt_or_say "chromium fonts-dejavu-core" "Chromium, which the browser tests drive, is missing"
fi
