"""Keep the queue in a second database, and the transactions of the first one."""
