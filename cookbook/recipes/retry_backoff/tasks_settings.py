"""Nothing listens on this port, so the first try of the example fails."""

EMAIL_PORT = 9
