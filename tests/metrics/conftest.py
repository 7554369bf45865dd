"""What the tests of metrics share."""

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True)
def one_thread():
    """Matrices this small gain nothing from threads, which wait for those of the other worker."""
    with threadpool_limits(1):
        yield
