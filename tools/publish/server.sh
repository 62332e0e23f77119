#!/bin/sh
# The server's side of publishing: one small step for each verb, each of which leaves the live site whole.
#
#   server.sh FOLDER VERB [ARGUMENT…]         sent along by the publisher, nothing to install; or
#   command="/usr/local/bin/site-publish /srv/site",restrict ssh-ed25519 AAAA…
#                                             in authorized_keys: a key that can do this and nothing else
#
# FOLDER/  .publish-target (it is ours)  current -> releases/ID  releases/ID/  incoming/ID/ (not whole yet)  lock
# File names come on standard input and never reach a command line; none leads out of its release, and no link ever gets
# into one: whoever has stolen a key with a forced command can publish here and reach nothing else. Answers go to
# standard output, reasons to standard error; the exit code says which: 10 not ours, 11 locked by someone else, 12 lock
# lost, 13 files differ, 14 refused.
set -euf
umask 022
LC_ALL=C PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export LC_ALL PATH
protocol=1
mark="human-trajectory-makers publish target 1"

stop() { status=$1; shift; printf '%s\n' "$*" >&2; exit "$status"; }
is_name() { case "$1" in "" | -* | *[!A-Za-z0-9-]*) stop 14 "not a name: $1" ;; esac; }
is_id() { is_name "$1"; case "$1" in [0-9]*T[0-9]*Z-[0-9a-f]*) ;; *) stop 14 "not a release: $1" ;; esac; }
is_inside() { case "/$1/" in */../* | *//*) stop 14 "not a file of a release: $1" ;; esac; }
only_files() { [ -z "$(find "$1" ! -type f ! -type d)" ] || stop 13 "something is neither a file nor a folder"; }
age() { echo $(( $(date +%s) - $(stat -c %Y "$1" 2>/dev/null || stat -f %m "$1") )); }
ids() { ls releases 2>/dev/null | grep -E '^[0-9]{8}T[0-9]{6}Z-[0-9a-f]+$' || :; }
live() { if [ -L current ]; then basename "$(readlink current)"; else echo none; fi; }

folder=$1; shift
restricted=no
if [ -n "${SSH_ORIGINAL_COMMAND:-}" ]; then restricted=yes; set -- $SSH_ORIGINAL_COMMAND; shift; fi
verb=${1:-look}; [ $# -gt 0 ] && shift

kind() {
  if [ ! -d "$folder" ]; then echo absent
  elif [ "$(head -n 1 "$folder/.publish-target" 2>/dev/null)" = "$mark" ]; then echo ours
  elif [ -z "$(ls -A "$folder" | grep -v '^lost+found$')" ]; then echo empty
  else echo foreign; fi
}

look() {
  cd "$folder" 2>/dev/null || cd /
  echo "protocol $protocol"
  echo "kind $(kind)"
  echo "clock $(date +%s)"
  echo "free $(df -Pk . | awk 'NR == 2 { print $4 }')"
  echo "writable $([ -w "$folder" ] && echo yes || echo no)"
  echo "rsync $([ $restricted = no ] && command -v rsync >/dev/null && echo yes || echo no)"
  [ "$(kind)" = ours ] || return 0
  echo "live $(live)"
  ids | sed 's/^/release /'
  if [ -f lock ]; then echo "lock $(age lock) $(head -n 1 lock)"; fi
}

ours() {
  [ "$(kind)" = ours ] || stop 10 "$folder is not a folder of this site's releases"
  cd "$folder"
}

holding() { # TOKEN: only the holder of the lock goes on; whoever broke it is not disturbed by us
  is_name "$1"
  [ "$(head -n 1 lock 2>/dev/null | cut -d ' ' -f 1)" = "$1" ] || stop 12 "the lock is no longer ours"
  touch lock
}

checksums() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

point() { # ID: one rename, so that a reader gets the old release or the new one
  ln -s "releases/$1" "current.$1"
  mv -T "current.$1" current 2>/dev/null || mv -h "current.$1" current 2>/dev/null || {
    rm -f "current.$1"
    stop 14 "the link could not be renamed: no right to write in $folder, or mv without -T"
  }
}

case "$verb" in
  look) look ;;

  lock) # TOKEN < one line: token, checkout, owner. A folder that is empty becomes ours.
    is_name "$1"
    if [ "$(kind)" = empty ]; then
      printf '%s\nMade by "invoke publish": leave this file here.\n' "$mark" > "$folder/.publish-target"
    fi
    ours
    mkdir -p releases incoming
    if ! cat > ".lock.$1"; then rm -f ".lock.$1"; stop 14 "the lock could not be written"; fi
    if ! ln ".lock.$1" lock 2>/dev/null; then rm -f ".lock.$1"; look; stop 11 "locked"; fi
    rm -f ".lock.$1"
    look ;;

  unlock | break) # TOKEN: take away this lock, ours or the one that was seen; not one that came since
    ours; is_name "$1"
    if [ "$(head -n 1 lock 2>/dev/null | cut -d ' ' -f 1)" = "$1" ]; then rm -f lock; fi ;;

  manifest) # ID
    ours; is_id "$1"; cat "releases/$1/release.json" ;;

  stage) # TOKEN ID BASE < names to leave out: an upload starts as the release before it, in hard links
    ours; holding "$1"; is_id "$2"
    rm -rf "incoming/$2"
    if [ "$3" != none ]; then
      is_id "$3"
      cp -al "releases/$3" "incoming/$2" 2>/dev/null || { rm -rf "incoming/$2"; cp -a "releases/$3" "incoming/$2"; }
    fi
    mkdir -p "incoming/$2"
    cd "incoming/$2"
    while IFS= read -r name; do is_inside "$name"; rm -f -- "./$name"; done
    find . -mindepth 1 -type d -empty -delete ;;

  receive) # TOKEN ID < tar. Unpacked apart: a link in one archive must not lead the next one anywhere
    ours; holding "$1"; is_id "$2"
    [ -d "incoming/$2" ] || stop 13 "there is no upload $2"
    apart=$folder/$(mktemp -d "incoming/apart-XXXXXX")
    trap 'rm -rf "$apart"' EXIT
    tar -x -m -o -f - -C "$apart" || stop 14 "the files could not be written"
    only_files "$apart"
    cd "$apart"
    find . -type d -exec mkdir -p "$folder/incoming/$2/{}" \;
    find . -type f -exec mv -f {} "$folder/incoming/$2/{}" \; ;;

  verify) # TOKEN ID COUNT < sha256sum's lines: every file is there, whole, and nothing else is. Then it is a release.
    ours; holding "$1"; is_id "$2"
    place=incoming/$2; [ -d "$place" ] || place=releases/$2
    cd "$place" || stop 13 "there is no release $2"
    only_files .
    asked=$(cat)
    ! printf '%s\n' "$asked" | grep -Evq '^([0-9a-f]{64}  \./.+)?$' || stop 14 "not lines of sha256sum"
    ! printf '%s\n' "$asked" | grep -Eq '/\.\.(/|$)' || stop 14 "not files of a release"
    list=$(printf '%s\n' "$asked" | checksums -c - 2>/dev/null || :)
    printf '%s\n' "$list" | grep -v ': OK$' || :
    [ "$(printf '%s\n' "$list" | grep -c ': OK$')" = "$3" ] || stop 13 "files are missing or differ"
    [ "$(find . -type f | wc -l | tr -d ' ')" = "$3" ] || stop 13 "there are files too many"
    cd "$folder"
    if [ "$place" = "incoming/$2" ]; then
      sync -f "$place" 2>/dev/null || sync
      mv "$place" "releases/$2"
    fi ;;

  switch) # TOKEN ID, or `none` to have no live release, as before the first one
    ours; holding "$1"; is_name "$2"
    rm -f "current.$2"
    if [ "$2" = none ]; then rm -f current
    elif is_id "$2" && [ -d "releases/$2" ]; then point "$2"
    else stop 13 "there is no release $2"; fi
    live ;;

  drop) # TOKEN ID: a release that did not stand the test is none to go back to
    ours; holding "$1"; is_id "$2"
    [ "$2" != "$(live)" ] || stop 14 "$2 is live"
    if [ -d "releases/$2" ]; then mv "releases/$2" "incoming/$2"; rm -rf "incoming/$2"; fi ;;

  prune) # TOKEN KEEP: the newest KEEP stay, and the live one; what never became a release goes
    ours; holding "$1"; is_name "$2"
    now=$(live)
    for id in $(ids | sort -r | tail -n "+$(( $2 + 1 ))"); do
      if [ "$id" != "$now" ]; then mv "releases/$id" "incoming/$id"; fi
    done
    for left in $(ls incoming); do rm -rf "incoming/$left"; done
    for left in $(ls -A | grep -E '^(\.lock|current)\.'); do rm -f "$left"; done ;;

  *) stop 14 "unknown: $verb" ;;
esac
