"""Check the manifests against Kubernetes' own schema, then run their commands.

>>> import math as math
>>> from cookbook.deploy.kubernetes.pods import MANIFESTS, POD, complaint, text
>>> for name in MANIFESTS:
...     print(name, complaint(text(name)))
migrate.yaml None
worker.yaml None

A misspelt field is refused, and so is a value of the wrong type.

>>> complaint(text("worker.yaml").replace("GracePeriodSeconds", "GraceSeconds"))
"... ('terminationGraceSeconds' was unexpected)"
>>> complaint(text("worker.yaml").replace("Seconds: 100", "Seconds: 100s"))
"'100s' is not of type 'integer'..."

The grace period is that of the formula: rounds of 30 seconds, and ten.

>>> math.ceil((2 + 2 + 1) / 2) * 30 + 10 == POD["terminationGracePeriodSeconds"]
True
"""

import math as math
from pathlib import Path

import kubernetes_validate
import yaml

HERE = Path(__file__).parent
VERSION = "1.34"
MANIFESTS = ["migrate.yaml", "worker.yaml"]


def text(name):
    return (HERE / name).read_text()


def complaint(manifest):
    """Return what the schema of this Kubernetes version says, or None."""
    try:
        kubernetes_validate.validate(yaml.safe_load(manifest), VERSION, strict=True)
    except kubernetes_validate.ValidationError as error:
        return error.message
    return None


def pod(name):
    return yaml.safe_load(text(name))["spec"]["template"]["spec"]


POD = pod("worker.yaml")
WORKER = POD["containers"][0]
