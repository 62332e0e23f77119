#!/bin/sh
# The server's side of publishing: one small step for each verb, each of which leaves the live site whole.
#
#   server.sh FOLDER VERB [ARGUMENT…]         sent along by the publisher, nothing to install; or
#   command="/usr/local/bin/site-publish /srv/site",restrict ssh-ed25519 AAAA…
#                                             in authorized_keys: a key that can do this and nothing else
#
# FOLDER/  .publish-target (it is ours)  current -> releases/ID  releases/ID/  incoming/ID/ (not whole yet)  lock
# Only what has the form of these is ever removed or replaced: a link or anything else in their place is refused.
# File names come on standard input and never reach a command line; none leads out of its release, and no link ever gets
# into one: whoever has stolen a key with a forced command can publish here and reach nothing else. Answers go to
# standard output, reasons to standard error; the exit code says which: 10 not ours, 11 locked by someone else, 12 lock
# lost, 13 files differ, 14 refused.
set -euf
umask 022
LC_ALL=C PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export LC_ALL PATH
protocol=2
mark="human-trajectory-makers publish target 1"
form='^2[0-9]{3}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]Z-[0-9a-f]{8}$'

stop() { status=$1; shift; printf '%s\n' "$*" >&2; exit "$status"; }
is_name() { case "$1" in "" | -* | *[!A-Za-z0-9-]*) stop 14 "not a name" ;; esac; }
is_id() { is_name "$1"; printf '%s\n' "$1" | grep -Eq "$form" || stop 14 "not a release"; }
is_inside() { case "/$1/" in */../* | *//*) stop 14 "not a file of a release" ;; esac; }
only_files() { [ -z "$(find "$1" ! -type f ! -type d)" ] || stop 13 "something is neither a file nor a folder"; }
is_folder() { [ -d "$1" ] && [ ! -L "$1" ]; }
is_file() { [ -f "$1" ] && [ ! -L "$1" ]; }
is_there() { [ -e "$1" ] || [ -L "$1" ]; }
age() { echo $(( $(date +%s) - $(stat -c %Y "$1" 2>/dev/null || stat -f %m "$1") )); }
is_release() { is_folder "releases/$1" && is_file "releases/$1/release.json"; }
ids() { ls releases 2>/dev/null | grep -E "$form" | while read -r id; do if is_release "$id"; then echo "$id"; fi; done; }

live() { # the release that readers get; none; or `other`: a link that leads to no release of ours
  to=$(readlink current 2>/dev/null || :)
  id=${to#releases/}
  if ! is_there current; then echo none
  elif [ "$to" = "releases/$id" ] && ids | grep -qxF -e "$id"; then echo "$id"
  else echo other; fi
}

token() { # of the lock; `odd` where it is none that this script made
  line=$(if is_file lock; then head -n 1 lock | cut -c 1-300; fi)
  case "${line%% *}" in "" | *[!0-9a-z]*) echo odd ;; *) echo "$line" ;; esac
}

strange() { # what stands where only our own folders, link and files may
  for name in releases incoming; do
    if is_there "$name" && ! is_folder "$name"; then echo "$name"; return; fi
  done
  if [ -e current ] && [ ! -L current ]; then echo current; fi
}

sweep() { # what never became a release, by its name; a stranger's file or folder stays
  ls incoming | grep -E "$form|^apart-[A-Za-z0-9]+$" | while read -r left; do rm -rf "incoming/$left"; done
  ls -A | grep -E '^\.lock\.[0-9a-z]+$|^current\.[0-9A-Za-z-]+$|^\.before\.[0-9a-z]+$' |
    while read -r left; do if [ -f "$left" ] || [ -L "$left" ]; then rm -f "$left"; fi; done
}

folder=$1; shift
restricted=no
if [ -n "${SSH_ORIGINAL_COMMAND:-}" ]; then restricted=yes; set -- $SSH_ORIGINAL_COMMAND; shift; fi
verb=${1:-look}; [ $# -gt 0 ] && shift

kind() {
  if [ ! -d "$folder" ]; then echo absent
  elif is_file "$folder/.publish-target" && [ "$(head -n 1 "$folder/.publish-target" 2>/dev/null)" = "$mark" ]; then echo ours
  elif [ -z "$(ls -A "$folder" | grep -v '^lost+found$')" ]; then echo empty
  else echo foreign; fi
}

look() { # the first line and the last are known: whatever a login shell prints by itself is noticed
  cd "$folder" 2>/dev/null || cd /
  echo "protocol $protocol"
  echo "kind $(kind)"
  echo "clock $(date +%s)"
  echo "free $(df -Pk . | awk 'NR == 2 { print $4 }')"
  echo "writable $([ -w "$folder" ] && echo yes || echo no)"
  echo "rsync $([ $restricted = no ] && command -v rsync >/dev/null && echo yes || echo no)"
  if [ "$(kind)" = ours ]; then
    echo "live $(live)"
    echo "strange $(strange)"
    ids | sed 's/^/release /'
    if is_there lock; then echo "lock $(age lock) $(token)"; fi
  fi
  if [ "$(kind)" = foreign ]; then ls -A . | head -n 40 | sed 's/^/holds /'; fi
  echo "end $protocol"
}

ours() {
  [ "$(kind)" = ours ] || stop 10 "not a folder of this site's releases"
  cd "$folder"
}

holding() { # TOKEN: only the holder of the lock goes on; whoever broke it is not disturbed by us
  is_name "$1"
  case "$(token)" in "$1" | "$1 "*) touch lock ;; *) stop 12 "the lock is no longer ours" ;; esac
  [ -z "$(strange)" ] || stop 10 "not a folder of this site's releases"
}

checksums() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

replace() { # LINK: takes the place of `current` by one rename, so that a reader gets the old release or the new one
  mv -T "$1" current 2>/dev/null || mv -h "$1" current 2>/dev/null || {
    rm -f "$1"
    stop 14 "the link could not be renamed"
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
    [ -z "$(strange)" ] || stop 10 "not a folder of this site's releases"
    mkdir -p releases incoming
    if is_there lock; then look; stop 11 "locked"; fi
    if ! cat > ".lock.$1"; then rm -f ".lock.$1"; stop 14 "the lock could not be written"; fi
    if ! ln ".lock.$1" lock 2>/dev/null; then rm -f ".lock.$1"; look; stop 11 "locked"; fi
    rm -f ".lock.$1"
    look ;;

  unlock | break) # TOKEN, or `odd`: take away this lock, ours or the one that was seen; not one that came since
    ours; is_name "$1"
    case "$(token)" in
      "$1" | "$1 "*) if is_folder lock; then rmdir lock 2>/dev/null || mv lock "lock-found-$(date +%s)"; else rm -f lock; fi ;;
    esac ;;

  manifest) # ID
    ours; is_id "$1"
    is_release "$1" || stop 13 "there is no such release"
    cat "releases/$1/release.json" ;;

  stage) # TOKEN ID BASE < names to leave out: an upload starts as the release before it, in hard links
    ours; holding "$1"; is_id "$2"
    sweep || :
    rm -rf "incoming/$2"
    if [ "$3" != none ]; then
      is_id "$3"
      is_folder "releases/$3" || stop 13 "there is no such release"
      only_files "releases/$3"
      cp -al "releases/$3" "incoming/$2" 2>/dev/null || { rm -rf "incoming/$2"; cp -a "releases/$3" "incoming/$2"; }
    fi
    mkdir -p "incoming/$2"
    cd "incoming/$2"
    while IFS= read -r name; do is_inside "$name"; rm -f -- "./$name"; done
    find . -depth -type d ! -name . -exec rmdir {} + 2>/dev/null || : ;;

  receive) # TOKEN ID < tar. Unpacked apart: a link in one archive must not lead the next one anywhere
    ours; holding "$1"; is_id "$2"
    is_folder "incoming/$2" || stop 13 "there is no such upload"
    apart=$folder/$(mktemp -d "incoming/apart-XXXXXX")
    trap 'rm -rf "$apart"' EXIT
    tar -x -m -o -f - -C "$apart" || stop 14 "the files could not be written"
    only_files "$apart"
    cd "$apart"
    find . -type d -exec mkdir -p "$folder/incoming/$2/{}" \;
    find . -type f -exec mv -f {} "$folder/incoming/$2/{}" \; ;;

  verify) # TOKEN ID COUNT < sha256sum's lines: every file is there, whole, and nothing else is. Then it is a release.
    ours; holding "$1"; is_id "$2"
    place=incoming/$2; is_folder "$place" || place=releases/$2
    is_folder "$place" || stop 13 "there is no such release"
    cd "$place"
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
      ! is_there "releases/$2" || stop 14 "the release is there already"
      mv "$place" "releases/$2"
    fi ;;

  switch) # TOKEN ID. What was there before stays aside, as it was, for `back`
    ours; holding "$1"; is_id "$2"
    is_release "$2" || stop 13 "there is no such release"
    rm -f "current.$2"
    ln -s "releases/$2" "current.$2"
    if [ "$(live)" != "$2" ]; then
      rm -f ".before.$1"
      if [ -L current ]; then cp -P current ".before.$1"; fi
    fi
    replace "current.$2"
    live ;;

  back) # TOKEN ID: should the switch to ID have come to pass, what was there before it is there again
    ours; holding "$1"; is_id "$2"
    if [ "$(readlink current 2>/dev/null)" = "releases/$2" ]; then
      if [ -L ".before.$1" ]; then replace ".before.$1"; else rm -f current; fi
    fi
    live ;;

  drop) # TOKEN ID: a release that did not stand the test is none to go back to
    ours; holding "$1"; is_id "$2"
    [ "$2" != "$(live)" ] || stop 14 "it is live"
    if is_release "$2"; then mv "releases/$2" "incoming/$2"; rm -rf "incoming/$2"; fi ;;

  prune) # TOKEN KEEP: the newest KEEP stay, and the live one; what never became a release goes
    ours; holding "$1"; is_name "$2"
    now=$(live)
    for id in $(ids | sort -r | tail -n "+$(( $2 + 1 ))"); do
      if [ "$id" != "$now" ]; then mv "releases/$id" "incoming/$id"; fi
    done
    sweep ;;

  *) stop 14 "unknown" ;;
esac
