"""The settings of the experiment's site: the cookbook's, then those of a step."""

import os
import runpy
from pathlib import Path

from cookbook import settings as site
from cookbook.scaling.queue_database import settings as queue_database

vars().update({name: getattr(site, name) for name in dir(site) if name.isupper()})
APPS = ["cookbook.recipes.qdrain", "cookbook.scaling.move_queue"]
INSTALLED_APPS = [*site.INSTALLED_APPS, *APPS]
keys = {
    "CACHES": site.CACHES,
    "DATABASES": {"default": site.DATABASES["default"] | {"CONN_MAX_AGE": 600}},
    "Q_CLUSTER": site.Q_CLUSTER,
}
file = Path(__file__).with_name(os.environ["STEP"]) / "settings.py"
keys = runpy.run_path(str(file), init_globals=keys)
CACHES, DATABASES, Q_CLUSTER = keys["CACHES"], keys["DATABASES"], keys["Q_CLUSTER"]
if "queue" in DATABASES and "STOCK" not in os.environ:
    Q_CLUSTER |= queue_database.Q_CLUSTER
if "BACK" in os.environ:
    DATABASES["default"], DATABASES["old"] = DATABASES["old"], DATABASES["default"]
if sqs := Q_CLUSTER.get("sqs"):
    sqs["receive_message_wait_time_seconds"] = 1  # Its clusters have to stop soon.
