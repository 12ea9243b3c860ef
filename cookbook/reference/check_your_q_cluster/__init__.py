"""Read what qdoctor says of a pasted Q_CLUSTER, and what follows from its numbers."""
