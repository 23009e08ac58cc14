#!/bin/sh
# end-with-input.sh COMMAND ARGUMENT...: becomes the command. With ENDS_WITH_INPUT=1 it is killed when its standard input ends:
# when whoever started it is gone, however that went.
if [ "${ENDS_WITH_INPUT:-}" = 1 ]; then
  exec 3<&0
  # The pid may be another process's by then: ours has this command's last argument.
  for last; do :; done
  (
    cat <&3 >/dev/null
    case $(ps -o args= -p $$) in *"$last"*) kill -9 $$ ;; esac
  ) &
fi
exec "$@" 3<&- </dev/null
