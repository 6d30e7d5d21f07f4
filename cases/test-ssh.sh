#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# hupstorm nightly on a builder that is reached by ssh: this machine, by an sshd of the test's own. TAP.
. "$(dirname "$0")/tap.sh"
source=$(cd "$(dirname "$0")/../runners/builders" && pwd)
sshd=$(command -v sshd || ls /usr/sbin/sshd 2>/dev/null)
for tool in "$sshd" ssh ssh-keygen rsync flock setsid pkill; do
	command -v "$tool" >/dev/null || {
		echo "1..0 # SKIP ${tool:-sshd} is not installed"
		exit 0
	}
done
keys=$folder/keys
mkdir "$keys" "$folder/builders"
ssh-keygen -q -t ed25519 -N '' -f "$keys/host"
ssh-keygen -q -t ed25519 -N '' -f "$keys/user"
cp "$keys/user.pub" "$keys/authorized"
cat >"$keys/sshd" <<END
ListenAddress 127.0.0.1
HostKey $keys/host
AuthorizedKeysFile $keys/authorized
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
END
[ "$(id -u)" -ne 0 ] || [ -d /run/sshd ] || mkdir /run/sshd
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT

# On a port that nobody has.
serve() {
	for port in $(shuf -i 20000-60000 -n 20); do
		"$sshd" -D -e -f "$keys/sshd" -p "$port" 2>"$keys/log" &
		server=$!
		until grep -qE 'Server listening|Cannot bind|rror' "$keys/log"; do
			kill -0 "$server" 2>/dev/null || break
		done
		! grep -q 'Server listening' "$keys/log" || return 0
		kill "$server" 2>/dev/null
		wait "$server"
		server=
	done
	return 1
}

if ! serve; then
	echo "1..0 # SKIP sshd does not start here: $(tail -n 1 "$keys/log")"
	exit 0
fi
printf '[127.0.0.1]:%s %s\n' "$port" "$(cat "$keys/host.pub")" >"$keys/known"
cat >"$keys/ssh" <<END
Host far
HostName 127.0.0.1
Port $port
User $(id -un)
IdentityFile $keys/user
IdentitiesOnly yes
UserKnownHostsFile $keys/known
GlobalKnownHostsFile none
StrictHostKeyChecking yes
END
RSYNC_RSH="ssh -F $keys/ssh"
HUPSTORM_BUILDERS=$folder/builders
export RSYNC_RSH HUPSTORM_BUILDERS
cp "$source/how-ssh" "$source/remote" "$source/common.sh" "$HUPSTORM_BUILDERS"
name=far-$$
builder() { # LINE
	printf '%s\n' 'arch native' 'how ssh' "$1" 'options --case hup-broadcast --subject cooperative --fault none' >"$HUPSTORM_BUILDERS/$name.builder"
}
home=$($RSYNC_RSH far pwd)
there() { find "$home/.cache/hupstorm" -maxdepth 1 -name "$name-*" 2>/dev/null; }
exported() { "$hupstorm" export --store "$db" | grep -cF -- "$1"; }

builder 'host far'
run nightly --budget 1s --store "$db"
check "a night by ssh: all as expected" [ $status -eq 0 ]
check "... with its cells" grep -qE "^$name +[1-9][0-9]* as expected, 0 not as" "$out"
check "... under the builder's name" [ "$(exported "\"builder\":\"$name\"")" -eq 1 ]
check "nothing is left there" [ -z "$(there)" ]

# The connection is cut in the middle: those of the server's processes that hold it.
cut_when_it_runs() {
	until "$hupstorm" export --store "$(there)/work/store.db" 2>/dev/null | grep -q '"verdict":"pass"'; do
		kill -0 "$night" 2>/dev/null || return 1
	done
	pkill -KILL -P "$server"
}
"$hupstorm" nightly --budget 20s --store "$db" >"$out" 2>"$err" &
night=$!
check "the connection is cut in the middle" cut_when_it_runs
wait $night
status=$?
check "it goes on, and all is as expected" [ $status -eq 0 ]
check "no cell is missing" [ "$(grep -c "of them missing" "$out")" -eq 0 ]
check "nothing was run twice" [ "$(exported '"type":"run"')" -eq 2 ]
check "and nothing is left there" [ -z "$(there)" ]

# A night that is told to end tells what runs there.
"$hupstorm" nightly --budget 60s --store "$db" >"$out" 2>"$err" &
night=$!
until [ -e "$(there)/work/store.db" ]; do kill -0 $night || break; done
session=$(cat "$(there)/pid")
script=$(pgrep -P $night)
kill -TERM $night
wait $night
while ps -o stat= -p "$script" | grep -q '^[^Z]'; do :; done
alive() { ps -o stat= --sid "$session" | grep -v Z; }
check "what is told to end ends there too" [ -z "$(alive)" ]
check "and leaves nothing" [ -z "$(there)" ]
before=$(exported '"type":"run"')
run nightly --budget 1s --store "$db"
check "and the next night takes what it had finished" [ "$(exported '"type":"run"')" -eq $((before + 2)) ]

# Hosts that are not there, or are not what they are taken for.
builder 'limit 1m'
run nightly --budget 1s --store "$db"
check "a builder without a host says what is expected" grep -q "expected a line 'host'" "$out"
builder 'host far'
ssh-keygen -q -t ed25519 -N '' -f "$keys/other"
printf '[127.0.0.1]:%s %s\n' "$port" "$(cat "$keys/other.pub")" >"$keys/known"
printf 'limit 1s\n' >>"$HUPSTORM_BUILDERS/$name.builder"
run nightly --budget 1s --store "$db"
check "nor one whose key is another's" [ $status -eq 1 ]
check "which is told" grep -q "! $name .*cannot be reached" "$out"
finish
