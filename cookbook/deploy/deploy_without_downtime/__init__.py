"""Set up the schedules of a release, at every deploy."""
