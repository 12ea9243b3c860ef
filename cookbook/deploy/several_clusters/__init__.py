"""Give urgent, short and long tasks queues of their own, and refuse a misspelt one."""
