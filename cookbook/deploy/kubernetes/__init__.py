"""A Deployment whose probe tells a living cluster from a dead one."""
