"""Each part that a fault can reach is in the matrix, where its kind must be."""

import pytest

from cookbook.evidence.recipes_under_faults import away, crowds, strange
from cookbook.evidence.recipes_under_faults.parts import parts

# What each part of a kind has to meet.
FAULTS = {
    "command": [strange.NAMES],
    "probe": [away.PROBES],
    "process": [strange.NAMES],
    "receivers": [[f"{name}: receivers" for name in away.RECEIVERS]],
    "views": [strange.NAMES, away.CACHE, away.DATABASE, away.BROKER],
}
COLUMNS = [
    *(strange.NAMES, strange.INPUTS, strange.OUTPUTS, strange.CLOCKS),
    *(away.CACHE, away.DATABASE, away.BROKER),
    *(crowds.MOVING, crowds.BUSY, crowds.BEFORE, crowds.BESIDE, crowds.BOTH),
    crowds.TWICE,
]


@pytest.mark.parametrize("part", parts())
def test_each_part_meets_its_faults(part):
    missing = [
        faults for faults in FAULTS[part.rpartition(" ")[2]] if part not in faults
    ]
    assert not missing, (
        f"a fault can reach {part}, and no run shows that it survives: "
        "add it to the columns of cookbook/evidence/recipes_under_faults"
    )


def test_no_row_is_left_of_a_part_that_is_gone():
    rows = {part for column in COLUMNS for part in column}
    assert rows <= set(parts())
