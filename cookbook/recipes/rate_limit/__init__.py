"""Keep the limit of an API over all workers and clusters, and the workers free."""
