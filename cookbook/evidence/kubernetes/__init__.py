"""Run what the manifests say: the Job, the probes, and a preStop hook."""
