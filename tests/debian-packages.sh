#!/bin/sh
# Installs the programs that the tests use for real. Without root it names what is missing; those tests then say so.
set -eu
missing=""
need() { # program, package
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need chromium chromium
need newsboat newsboat
need sfeed sfeed
need curl curl
need caddy caddy
{ command -v nginx || [ -x /usr/sbin/nginx ]; } >/dev/null 2>&1 || missing="$missing nginx-light"
[ -x /usr/sbin/postfix ] || missing="$missing postfix"
[ -n "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] || missing="$missing postgresql"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Not installed, and only root on Debian can install them here:$missing" >&2
    echo "The tests that need them will be skipped (under CI=true: will fail)." >&2
    exit 0
fi
echo "Installing Debian packages:$missing …"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# The tests start a private Postfix with a configuration of its own.
echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
# A second cluster would only be in the way: the tests start a private one.
mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
