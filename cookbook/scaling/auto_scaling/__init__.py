"""Let the number of clusters follow the queue, on Kubernetes and on one host."""
