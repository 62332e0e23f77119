#!/bin/sh
# Opens the desk: what `make serve` does, for a double click, and for a Python that is not called python3.
CDPATH='' cd -- "$(dirname -- "$0")" || exit 1
if [ -z "${LC_ALL:-}${LC_MESSAGES:-}${LANG:-}" ] && [ "$(uname)" = Darwin ]; then
  LANG="$(defaults read -g AppleLocale 2>/dev/null | cut -c1-5).UTF-8"
  export LANG
fi

# Told in a window that a double click has opened, it waits to be read.
leave() {
  if [ -t 0 ]; then read -r _; fi
  exit 1
}

works() {
  found=$(command -v "$1") || return 1
  # On a Mac without Apple's developer tools, this one only offers to install them.
  if [ "$found" = /usr/bin/python3 ] && [ "$(uname)" = Darwin ] && ! xcode-select -p >/dev/null 2>&1; then return 1; fi
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

for python in "${PYTHON:-python3}" python3.15 python3.14 python3.13 python3.12 python3.11 ''; do
  if [ -n "$python" ] && works "$python"; then break; fi
done
if [ -z "$python" ]; then
  case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
    fr*) echo "Il manque Python 3.11, ou une version plus récente : installez-le depuis python.org/downloads (Debian, Ubuntu : sudo apt-get install python3-venv), puis double-cliquez de nouveau ici." ;;
    *) echo "Python 3.11 or newer is missing: install it from python.org/downloads (Debian, Ubuntu: sudo apt-get install python3-venv), then double-click here again." ;;
  esac
  leave
fi
{ "$python" tools/install.py && .venv/bin/python -m invoke serve "$@"; } || leave
