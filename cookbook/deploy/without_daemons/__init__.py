"""Work off the queue from cron, on a host that allows no daemon."""
