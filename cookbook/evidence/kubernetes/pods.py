"""Check the manifests against Kubernetes' own schema.

>>> from cookbook.evidence.kubernetes.pods import MANIFESTS, POD, complaint, text
>>> for name in MANIFESTS:
...     print(name, complaint(text(name)))
migrate.yaml None
worker.yaml None

A misspelt field is refused, and so is a value of the wrong type.

>>> complaint(text("worker.yaml").replace("GracePeriodSeconds", "GraceSeconds"))
"... ('terminationGraceSeconds' was unexpected)"
>>> complaint(text("worker.yaml").replace("Seconds: 100", "Seconds: 100s"))
"'100s' is not of type 'integer'..."

The grace period is that of the formula, and ten seconds.

>>> from cookbook.catalogue import find
>>> from cookbook.qdoctor.rules import longest_hold
>>> keys = find("deploy/kubernetes").settings()["Q_CLUSTER"]
>>> seconds = longest_hold(keys | {"bulk": 1}, "orm") + 10
>>> seconds == POD["terminationGracePeriodSeconds"]
True
"""

import kubernetes_validate
import yaml

from cookbook.catalogue import find

FOLDER = find("deploy/kubernetes").path
VERSION = "1.34"
MANIFESTS = ["migrate.yaml", "worker.yaml"]


def text(name):
    return (FOLDER / name).read_text()


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
