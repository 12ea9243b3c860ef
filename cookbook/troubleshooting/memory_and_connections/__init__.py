"""Memory that grows, and connections that stay open."""
