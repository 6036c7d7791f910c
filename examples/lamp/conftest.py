import pytest


def pytest_configure(config):
    config.addinivalue_line("markers", "requirement(id, ...): the requirements that a test verifies")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Writes the requirements of a test into its JUnit XML, whatever becomes of it."""
    for mark in item.iter_markers("requirement"):
        for id in mark.args:
            item.user_properties.append(("requirement", id))
