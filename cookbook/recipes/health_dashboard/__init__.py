"""Show clusters, queues, failures and slow functions on one page of the admin."""
