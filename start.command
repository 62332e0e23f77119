#!/bin/sh
# What a double click on macOS starts, in the program Terminal.
exec /bin/sh "$(dirname -- "$0")/start.sh"
