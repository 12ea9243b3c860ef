"""The middleware has to stand below Django's AuthenticationMiddleware."""

MIDDLEWARE = ["cookbook.recipes.audit_trail.who.record_user"]

Q_CLUSTER = {}
