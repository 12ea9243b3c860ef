"""Serve Prometheus metrics of queues, clusters and tasks, with alert rules.

Needs: prometheus-client, promql-parser (for alerts.py), pyyaml (for alerts.py).
"""
