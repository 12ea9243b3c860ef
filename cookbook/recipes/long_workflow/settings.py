"""Long tasks need a short prefetch and a `retry` above the longest wait and run."""

Q_CLUSTER = {
    "timeout": 600,
    "retry": 1900,
    "queue_limit": 1,
    "bulk": 1,
}
# If your project has no login page, use the one of the admin:
# LOGIN_URL = "admin:login"
