"""Queue a function call, choose its options, and read its result."""
