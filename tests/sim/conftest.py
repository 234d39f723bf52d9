"""Holds for the simulation: what was loaded before is not looked through by each collection of garbage."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="package", autouse=True)
def _loaded_once() -> Iterator[None]:
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
