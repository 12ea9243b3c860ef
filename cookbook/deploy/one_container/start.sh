#!/bin/bash
# The first process of a container: it starts the cluster and the web server,
# passes SIGTERM on to both, waits for both, and ends when one of them ends.

stop() {
    trap '' TERM INT  # A second signal can make the cluster hang.
    kill -TERM $(jobs -p) 2> /dev/null
    wait
    exit "$1"
}
trap 'stop 0' TERM INT

python manage.py qcluster &
gunicorn config.wsgi &

wait -n
stop 1
