# SPDX-License-Identifier: BSD-2-Clause
# What the scripts for builders share: to be read by a shell, with $0 in this folder.
#
# Everything that is made goes under $cache, in folders whose names say what they were made of (name-HASH), so that
# what has not changed is not made again and what has is never mistaken for it. A folder is made under another name and
# renamed when it is complete.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hupstorm

die() {
	echo "${0##*/}: $*" >&2
	exit 2
}

say() {
	echo "${0##*/}: $*" >&2
}

need() { # COMMAND PACKAGE
	command -v "$1" >/dev/null || die "$1 is missing: install the Debian package $2"
}

# What Debian and QEMU call it. Debian has no archive for ppc64: what is there is built from sources.
describe_architecture() { # ARCH
	case $1 in
	ppc64le) triplet=powerpc64le-linux-gnu debian=ppc64el kernel_package=linux-image-powerpc64le ;;
	ppc64) triplet=powerpc64-linux-gnu debian= kernel_package= ;;
	aarch64) triplet=aarch64-linux-gnu debian=arm64 kernel_package= ;;
	*) die "there is no architecture '$1': ppc64le, ppc64 or aarch64" ;;
	esac
}

need_compiler() {
	need "$triplet-gcc" "gcc-$(echo "$triplet" | tr _ -)"
}

hash_of_input() {
	sha256sum | cut -c 1-16
}

# Names of the release and the mirror: the machine's own if it is a Debian, so that what is linked here runs there.
suite=$(. /etc/os-release && [ "${ID:-}" = debian ] && echo "${VERSION_CODENAME:-}") || suite=
suite=${HUPSTORM_SUITE:-${suite:-bookworm}}
mirror=${HUPSTORM_MIRROR:-http://deb.debian.org/debian}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# A private apt: its own lists, its own idea of what is installed (nothing) and of the architecture. The machine's
# packages are neither asked nor changed.
private_apt() { # COMMAND ARGUMENT...
	apt_command=$1
	shift
	"$apt_command" -q -o Dir::State="$apt_root/state" -o Dir::State::status="$apt_root/status" \
		-o Dir::Cache="$apt_root/cache" -o Dir::Etc::sourcelist="$apt_root/sources.list" \
		-o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
		-o APT::Architecture="$apt_architecture" -o APT::Architectures="$apt_architecture" \
		-o APT::Sandbox::User= -o APT::Get::List-Cleanup=false "$@"
}

# Lists are a day old at the most, or as old as they are where there is no network.
use_apt() { # DEBIAN-ARCHITECTURE
	need apt-get apt
	[ -r $keyring ] || die "$keyring is missing: install the Debian package debian-archive-keyring"
	apt_architecture=$1
	apt_root=$cache/apt-$suite-$1
	mkdir -p "$apt_root/state/lists/partial" "$apt_root/cache/archives/partial"
	: >"$apt_root/status"
	for type in deb deb-src; do
		echo "$type [signed-by=$keyring] $mirror $suite main"
	done >"$apt_root/sources.list"
	if [ -n "$(find "$apt_root/fresh" -mtime -1 2>/dev/null)" ]; then
		return
	elif private_apt apt-get update >"$apt_root/log" 2>&1; then
		: >"$apt_root/fresh"
	elif [ -e "$apt_root/fresh" ]; then
		say "the lists of packages are old: $(grep -m 1 '^[EW]:' "$apt_root/log")"
	else
		die "no lists of packages from $mirror: $(grep -m 1 '^[EW]:' "$apt_root/log")"
	fi
}

# Lines of URI, file, size and checksum.
packages_with_what_they_need() { # PACKAGE...
	private_apt apt-get -y --no-install-recommends --print-uris install "$@" | grep "^'" ||
		die "apt knows no way to install $*"
}

# A folder of the cache: there, or to be made in $making and handed to publish. Two who make it at once do so in two
# folders, and the first is kept. With HUPSTORM_MADE_ONLY nothing is made that is not there.
is_made() { # NAME HASH
	made=$cache/$1-$2
	making=$made.$$
	[ -d "$made" ] && return 0
	[ -z "${HUPSTORM_MADE_ONLY:-}" ] || die "there is no $1 yet, and it takes long to make: ${0##*/} ${1##*-}"
	rm -rf "$making"
	mkdir -p "$making"
	trap 'rm -rf "$making"' EXIT
	return 1
}

publish() {
	mv -T "$making" "$made" 2>/dev/null || [ -d "$made" ] || die "cannot make $made"
	rm -rf "$making"
	trap - EXIT
}

# But for what belongs to the C library, which has to be that of the machine.
libraries_of() { # PROGRAM
	ldd "$1" | sed -nE 's|.* => (/[^ ]+) .*|\1|p' | grep -vE '/(libc|libm|libdl|librt|libpthread)\.so' || true
}

# hupstorm for the builder's architecture, and what it was linked with, for another machine.
pack() { # FOLDER
	mkdir -p "$1/lib"
	if [ "$BUILDER_ARCH" = native ] || [ "$BUILDER_ARCH" = "$(uname -m)" ]; then
		cp "$HUPSTORM" "$1/hupstorm"
		for library in $(libraries_of "$HUPSTORM"); do
			cp -L "$library" "$1/lib/"
		done
	else
		"$here/cross" "$BUILDER_ARCH" "$cache/build-$BUILDER_ARCH" all
		cp "$cache/build-$BUILDER_ARCH/hupstorm" "$1/hupstorm"
	fi
}
