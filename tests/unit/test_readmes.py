"""What the services' READMEs say of the code is what the code says."""

import pytest

from tests.support.readmes import READMES, written


@pytest.mark.parametrize("service", READMES)
def test_the_generated_part_is_fresh(service: str) -> None:
    path, now, wanted = written(service)
    assert now == wanted, f"{path} is stale: run make flow"
