#!/usr/bin/env bash
# One of two PostgreSQL servers, each the synchronous standby of the other: NODE is this one, PEER the other one.
#
#   nothing on disk, PEER answers          becomes PEER's standby, with a copy of its data
#   nothing on disk, PEER does not answer  postgres-1: a new database, which services that have seen another one refuse; postgres-2 waits
#   data of a primary, PEER is one too     does not start: PEER was promoted meanwhile. Remove this node's volume, start it again
#   anything else                          goes on as what it was
set -euo pipefail

export PATH="$(ls -d /usr/lib/postgresql/*/bin | tail -1):$PATH"
files=/etc/handoff            # certificate, key and passwords, for root alone
data=/var/lib/postgresql/data/cluster
own=/run/handoff              # in memory: what the server's own user reads

as_server() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }

# The client looks for files of its own there, too.
export HOME=$own
install -d -o postgres -m 700 "$own" "$(dirname "$data")"
install -d -o postgres -m 775 /var/run/postgresql
for file in ca.pem server.pem server.key; do install -o postgres -m 600 "$files/$file" "$own/$file"; done
printf '*:*:*:replication:%s\n' "$(cat "$files/replication.password")" > "$own/passfile"
chown postgres "$own/passfile" && chmod 600 "$own/passfile"

peer="host=$PEER user=replication passfile=$own/passfile sslmode=verify-full sslrootcert=$own/ca.pem connect_timeout=5"
# 0: accepts connections, 1: is starting, 2: no answer.
peer_answers() { pg_isready -q -t 5 -h "$PEER" || [ $? = 1 ]; }
peer_is_primary() { [ "$(as_server psql "$peer dbname=postgres" -Atc 'select pg_is_in_recovery()')" = f ]; }

if [ ! -s "$data/PG_VERSION" ]; then
  rm -rf "$data.new"
  if peer_answers; then
    echo "copying the data of $PEER"
    as_server pg_basebackup -d "$peer" -D "$data.new" -X stream -c fast
    as_server touch "$data.new/standby.signal"
  elif [ "$NODE" != postgres-1 ]; then
    echo "waiting for $PEER" >&2
    exit 1
  else
    echo "a new database"
    as_server initdb -D "$data.new" -U postgres --encoding=UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host=reject >/dev/null
    cat > "$data.new/pg_hba.conf" <<HBA
# The local socket is inside the container. Everything else comes over TLS, with a password.
local   all         all                       trust
hostssl custody     custody      all          scram-sha-256
hostssl register    register     all          scram-sha-256
hostssl postgres    replication  all          scram-sha-256
hostssl replication replication  all          scram-sha-256
HBA
    as_server pg_ctl -s -w -D "$data.new" -o "-c listen_addresses='' -c ssl=on -c ssl_cert_file=$own/server.pem -c ssl_key_file=$own/server.key" start
    # By way of standard input, since arguments can be listed.
    as_server psql -q -U postgres -v ON_ERROR_STOP=1 <<SQL
create role custody login password '$(cat "$files/custody.password")';
create role register login password '$(cat "$files/register.password")';
create role replication login replication password '$(cat "$files/replication.password")';
create database custody owner custody;
create database register owner register;
SQL
    as_server pg_ctl -s -w -D "$data.new" stop
  fi
  mv "$data.new" "$data"
elif [ ! -e "$data/standby.signal" ] && peer_answers && peer_is_primary; then
  echo "$PEER is the primary now. Remove the volume of $NODE and start it again: it then becomes the standby of $PEER" >&2
  exit 1
fi

# A commit is confirmed when the other node has it. Without one nothing is confirmed, which is why an old primary that is
# cut off with some services decides nothing any more.
exec setpriv --reuid=postgres --regid=postgres --clear-groups postgres -D "$data" \
  -c listen_addresses='*' -c ssl=on -c ssl_cert_file="$own/server.pem" -c ssl_key_file="$own/server.key" \
  -c synchronous_standby_names='ANY 1 ("postgres-1", "postgres-2")' -c synchronous_commit=on \
  -c primary_conninfo="$peer application_name=$NODE" -c recovery_target_timeline=latest -c wal_keep_size=256MB \
  -c shared_buffers=64MB -c max_connections=100 -c wal_sender_timeout=10s -c wal_receiver_timeout=10s \
  -c log_parameter_max_length_on_error=0 -c log_min_error_statement=panic
